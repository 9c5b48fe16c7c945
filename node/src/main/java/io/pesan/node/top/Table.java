package io.pesan.node.top;

import io.pesan.node.metrics.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Writes figures down: a line for each node, and one for all of several; below each other what does not fit next to it. */
final class Table {

    /** @param width with the gap before it */
    private record Column(String head, int width, Function<Figures, String> value) {}

    private record Row(String node, Figures of) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("CONNS", 8, of -> whole(of.connections())),
            new Column("LISTEN", 8, of -> whole(of.listeners())),
            new Column("CMDS/s", 10, of -> rate(of.commands())),
            new Column("ERR/s", 8, of -> rate(of.errors())),
            new Column("UNAV/s", 8, of -> rate(of.unavailable())),
            new Column("P50", 10, of -> time(of.latency(0.5))),
            new Column("P99", 10, of -> time(of.latency(0.99))),
            new Column("LOGIN/s", 8, of -> rate(of.logins())),
            new Column("HASHQ", 6, of -> whole(of.passwordQueue())),
            new Column("STORED/s", 9, of -> rate(of.stored())),
            new Column("GONE/s", 9, of -> rate(of.removed())),
            new Column("BACKLOG", 9, of -> whole(of.backlog())),
            new Column("PUSHED/s", 9, of -> rate(of.pushed())),
            new Column("REDIS", 6, of -> of.usesRedis() ? of.redis() ? "up" : "DOWN" : "-"),
            new Column("NODES", 6, of -> Integer.toString(of.members())),
            new Column("LAG P99", 10, of -> time(of.lag(0.99))));

    private static final String NODE = "NODE";
    private static final String ALL = "all";
    private static final int NARROWEST_NODE = 24;
    private static final double MILLIS = 1e3;
    private static final double WHOLE_FROM = 100;

    private Table() {}

    /**
     * The table.
     *
     * @param readings by node: the one before, and now
     * @param width columns of the terminal
     */
    static String of(Map<String, Reading[]> readings, int width) {
        int nodeWidth = Math.max(
                NARROWEST_NODE,
                readings.keySet().stream().mapToInt(String::length).max().orElse(0));
        List<Row> rows = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        readings.forEach((node, pair) -> {
            Samples now = pair[1].samples();
            if (now == null) {
                absent.add(padded(node, nodeWidth) + " " + pair[1].trouble());
            } else {
                rows.add(new Row(node, figures(pair[0], now, pair[1].nanos())));
            }
        });
        if (readings.size() > 1 && !rows.isEmpty()) {
            rows.add(new Row(ALL, Figures.ofAll(rows.stream().map(Row::of).toList())));
        }
        List<String> lines = new ArrayList<>();
        for (List<Column> columns : blocks(width - nodeWidth)) {
            lines.add(padded(NODE, nodeWidth) + line(columns, Column::head));
            for (Row row : rows) {
                lines.add(padded(row.node(), nodeWidth)
                        + line(columns, column -> column.value().apply(row.of())));
            }
        }
        lines.addAll(absent);
        return String.join("\n", lines) + "\n";
    }

    private static Figures figures(Reading before, Samples now, long nanos) {
        Samples known = before.samples();
        // One that could not be asked before shows no rates yet.
        return new Figures(known == null ? now : known, now, nanos - before.nanos());
    }

    /** Columns that fit next to each other; one at least. */
    private static List<List<Column>> blocks(int width) {
        List<List<Column>> blocks = new ArrayList<>();
        List<Column> block = new ArrayList<>();
        int used = 0;
        for (Column column : COLUMNS) {
            if (!block.isEmpty() && used + column.width() > width) {
                blocks.add(block);
                block = new ArrayList<>();
                used = 0;
            }
            block.add(column);
            used += column.width();
        }
        blocks.add(block);
        return blocks;
    }

    private static String line(List<Column> columns, Function<Column, String> text) {
        StringBuilder line = new StringBuilder();
        for (Column column : columns) {
            String cell = text.apply(column);
            // One that is too long moves the rest, but never touches its neighbour.
            line.append(" ".repeat(Math.max(1, column.width() - cell.length()))).append(cell);
        }
        return line.toString();
    }

    private static String padded(String node, int width) {
        return node + " ".repeat(Math.max(0, width - node.length()));
    }

    private static String whole(double number) {
        return String.format(Locale.ROOT, "%.0f", number);
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond >= WHOLE_FROM || perSecond == 0 ? "%.0f" : "%.1f", perSecond);
    }

    private static String time(double seconds) {
        return Double.isNaN(seconds) ? "-" : String.format(Locale.ROOT, "%.1f ms", seconds * MILLIS);
    }
}
