package io.pesan.node;

import java.nio.file.Path;
import java.util.List;

/** Processes of an embedded Redis that tests look for. */
final class RedisProcesses {

    private RedisProcesses() {}

    /** Command lines of the Redis that keeps its data in this directory, and of its guard. */
    static List<String> of(Path dataDirectory) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(dataDirectory.resolve("redis").toString()))
                .toList();
    }
}
