package io.pesan.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A process of its own that runs one of our main classes, for what only real processes can show. */
public final class ChildJvm implements AutoCloseable {

    /** Several JVMs start at once, on a machine that may have other work. */
    private static final long PATIENCE_SECONDS = 180;

    /** Before a command, so that a signal reaches it: tests may have been started by a shell whose jobs are deaf to SIGINT. */
    private static final List<String> HEARING = hearing();

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private ChildJvm(Process process) {
        this.process = process;
    }

    private static List<String> hearing() {
        List<String> hearing = List.of("env", "--default-signal=INT");
        try {
            List<String> trial =
                    Stream.concat(hearing.stream(), Stream.of("true")).toList();
            Process process = new ProcessBuilder(trial).start();
            return process.waitFor() == 0 ? hearing : List.of();
        } catch (IOException missing) {
            return List.of();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Standard error comes with standard output. */
    public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    /** A node whose JVM has options of its own. */
    static ChildJvm start(List<String> options, String... arguments) throws IOException {
        return start(options, PesanMain.class, arguments);
    }

    private static ChildJvm start(List<String> options, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(HEARING);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dpesan.terminal.out=true"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ChildJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** The first line that fits; fails if none comes within {@value #PATIENCE_SECONDS} s. */
    public String awaitLine(Predicate<String> wanted) throws Exception {
        return CompletableFuture.supplyAsync(() -> readUntil(wanted)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Everything it prints until it ends; fails if it doesn't within {@value #PATIENCE_SECONDS} s. */
    List<String> awaitEnd() throws Exception {
        CompletableFuture.supplyAsync(() -> read(line -> false)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return lines;
    }

    /** What it has printed so far, as far as it was read. */
    public List<String> lines() {
        return lines;
    }

    public Process process() {
        return process;
    }

    /** A signal by its name, as kill(1) knows it. */
    public void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** Its exit status. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still runs; said " + lines);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private String readUntil(Predicate<String> wanted) {
        return read(wanted).orElseThrow(() -> new AssertionError("ended without it; said " + lines));
    }

    /** Empty: its output ended without it. */
    private Optional<String> read(Predicate<String> wanted) {
        try {
            BufferedReader reader = process.inputReader();
            String line = reader.readLine();
            while (line != null) {
                lines.add(line);
                if (wanted.test(line)) {
                    return Optional.of(line);
                }
                line = reader.readLine();
            }
            return Optional.empty();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
