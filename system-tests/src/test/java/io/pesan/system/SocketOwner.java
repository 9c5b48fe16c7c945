package io.pesan.system;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells which process of this machine has the other end of a connection, as Linux's {@code /proc} shows it. */
final class SocketOwner {

    /** Nobody that is known: the test itself, for one. */
    static final String STRANGER = "";

    /** Addresses, states and queues are of no interest: local port, remote port, inode. */
    private static final Pattern LINE = Pattern.compile(
            "\\s*\\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) \\S+ \\S+ \\S+ \\S+\\s+\\d+\\s+\\d+ (\\d+).*");

    private SocketOwner() {}

    /**
     * The name of the process at the other end of an accepted connection.
     *
     * @param names of processes, by their ids
     */
    static String among(Map<Long, String> names, Socket accepted) {
        String inode = inodeOfOtherEnd(accepted);
        return names.entrySet().stream()
                .filter(process -> has(process.getKey(), "socket:[" + inode + "]"))
                .map(Map.Entry::getValue)
                .findAny()
                .orElse(STRANGER);
    }

    private static String inodeOfOtherEnd(Socket accepted) {
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                String inode = lines.map(LINE::matcher)
                        .filter(Matcher::matches)
                        .filter(line -> Integer.parseInt(line.group(1), 16) == accepted.getPort()
                                && Integer.parseInt(line.group(2), 16) == accepted.getLocalPort())
                        .map(line -> line.group(3))
                        .findAny()
                        .orElse("");
                if (!inode.isEmpty()) {
                    return inode;
                }
            } catch (IOException unreadable) {
                throw new IllegalStateException("needs Linux: " + table, unreadable);
            }
        }
        return "";
    }

    private static boolean has(long pid, String target) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.anyMatch(file -> leadsTo(file, target));
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean leadsTo(Path file, String target) {
        try {
            return Files.readSymbolicLink(file).toString().equals(target);
        } catch (IOException gone) {
            return false;
        }
    }
}
