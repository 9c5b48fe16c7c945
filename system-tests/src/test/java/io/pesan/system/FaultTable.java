package io.pesan.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What shows a fault, as docs/operations.md has it. */
final class FaultTable {

    private static final Path OPERATIONS = Path.of("..", "docs", "operations.md");

    /**
     * One fault's row.
     *
     * @param metrics the series that its cell names
     */
    record Row(List<String> metrics, String logLines, String alert) {}

    private FaultTable() {}

    /** Its rows by their faults. */
    static Map<String, Row> read() throws IOException {
        Map<String, Row> faults = new TreeMap<>();
        boolean inTable = false;
        for (String line : Files.readAllLines(OPERATIONS)) {
            inTable = line.startsWith("| fault |") || (inTable && line.startsWith("|"));
            if (inTable && !line.startsWith("| fault |") && !line.startsWith("|---")) {
                String[] cells = line.split("\\s*\\|\\s*", -1);
                faults.put(
                        cells[1],
                        new Row(MonitoringRulesIT.matches("`((?:up|pesan)[^`]*)`", cells[2]), cells[3], cells[4]));
            }
        }
        return faults;
    }
}
