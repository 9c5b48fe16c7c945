package io.pesan.node.redis;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of Redis under its guard: from the guard's start until both are gone. */
final class GuardedRedis {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedRedis.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(2);
    /** In place of setsid, which macOS does not have. */
    private static final String NEW_SESSION_IN_PERL = "use POSIX; POSIX::setsid(); exec @ARGV or die";

    private final DataDirectory directory;
    private final Process guard;
    private final OutputStream lifeline;

    private GuardedRedis(DataDirectory directory, Process guard) {
        this.directory = directory;
        this.guard = guard;
        this.lifeline = guard.getOutputStream();
    }

    /** Starts the guard, writes it down, and only then lets it start Redis. */
    static GuardedRedis start(DataDirectory directory, RedisFiles files) throws IOException {
        List<String> command = new ArrayList<>(inASessionOfItsOwn());
        command.addAll(List.of(
                files.guardScript().toString(),
                files.binary().toString(),
                files.configuration().toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
                .start();
        GuardedRedis redis = new GuardedRedis(directory, process);
        try {
            redis.letGo();
            return redis;
        } catch (IOException failure) {
            redis.stop();
            throw failure;
        }
    }

    private void letGo() throws IOException {
        directory.recordGuard(guard.toHandle());
        lifeline.write("go\n".getBytes(StandardCharsets.US_ASCII));
        lifeline.flush();
        try (BufferedReader answer =
                new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.US_ASCII))) {
            String pid = answer.readLine();
            if (pid == null) {
                throw new IOException("the guard of Redis ended at once");
            }
            Optional<ProcessHandle> redis = ProcessHandle.of(Long.parseLong(pid));
            if (redis.isPresent()) {
                directory.recordRedis(redis.get());
            }
        }
    }

    boolean isAlive() {
        return guard.isAlive();
    }

    /** Returns when the guard has ended, and Redis with it or soon after. */
    int awaitEnd() throws InterruptedException {
        return guard.waitFor();
    }

    /** Lets go of the lifeline, upon which the guard stops Redis; kills both if that takes more than 10 s. */
    void stop() {
        releaseLifeline();
        if (ProcessRecord.endsWithin(guard.toHandle(), STOP_PATIENCE)) {
            // A guard that was killed leaves Redis to the other end of the lifeline.
            directory
                    .redis()
                    .filter(redis -> !ProcessRecord.endsWithin(redis, STOP_PATIENCE))
                    .ifPresent(this::kill);
        } else {
            directory.redis().ifPresent(this::kill);
            kill(guard.toHandle());
        }
    }

    private void releaseLifeline() {
        try {
            lifeline.close();
        } catch (IOException alreadyBroken) {
            LOG.atDebug().log("the guard of Redis had closed its input before");
        }
    }

    private void kill(ProcessHandle process) {
        LOG.atWarn().addKeyValue("pid", process.pid()).log("the embedded Redis did not stop in time and is killed");
        process.destroyForcibly();
        ProcessRecord.endsWithin(process, KILL_PATIENCE);
    }

    /** A signal that the terminal sends to the node's process group must not reach Redis before the node has drained. */
    private static List<String> inASessionOfItsOwn() {
        if (isInstalled("setsid")) {
            return List.of("setsid");
        }
        return isInstalled("perl") ? List.of("perl", "-e", NEW_SESSION_IN_PERL) : List.of();
    }

    private static boolean isInstalled(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
