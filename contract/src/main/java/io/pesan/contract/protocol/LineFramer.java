package io.pesan.contract.protocol;

import java.util.Arrays;

/**
 * Cuts one connection's bytes into lines. How TCP cut them into chunks makes no difference to the lines.
 *
 * <p>A line ends with {@code \n}. White space (space, tab, {@code \r}) at either end of it is dropped; a line of nothing
 * else is skipped. A line longer than the limit, its terminator not counted ({@code \n} or {@code \r\n}), ends the
 * framing: {@link #next} says {@link Step#TOO_LONG} from then on and nothing more is kept.
 *
 * <p>Use: {@link #offer} a chunk, call {@link #next} until it wants more, offer the following chunk. The caller may stop
 * between two calls of {@code next} for as long as it likes. At most one line is held in memory, and none between lines.
 */
public final class LineFramer {

    /** What {@link #next} found. */
    public enum Step {
        /** A line: see {@link #bytes}, {@link #from}, {@link #to}, {@link #startedAt}. */
        LINE,
        /** The chunk is used up. */
        NEEDS_INPUT,
        /** The line is longer than the limit. Final. {@link #bytes} holds its first bytes, as many as the limit and one. */
        TOO_LONG
    }

    private static final byte[] NOTHING = new byte[0];
    private static final int FIRST_ALLOCATION = 256;

    private final int maxLineBytes;

    private byte[] chunk = NOTHING;
    private int position;
    private long chunkMark;

    /** The beginning of a line that an earlier chunk left unfinished, leading white space dropped. */
    private byte[] held = NOTHING;

    private int heldLength;
    /** Bytes of the unfinished line so far, leading white space included. */
    private int lineLength;

    private boolean lineStarted;
    private long lineMark;
    private boolean tooLong;

    private byte[] lineBytes = NOTHING;
    private int lineFrom;
    private int lineTo;
    private long startedAt;

    /**
     * @param maxLineBytes longest line, its terminator not counted; at least 1
     */
    public LineFramer(int maxLineBytes) {
        if (maxLineBytes < 1) {
            throw new IllegalArgumentException("maxLineBytes must be at least 1, is " + maxLineBytes);
        }
        this.maxLineBytes = maxLineBytes;
    }

    /**
     * Gives the next bytes of the connection. Only after {@link #next} said {@link Step#NEEDS_INPUT}, or at the start.
     *
     * @param bytes not changed, and not to be changed until it is used up
     * @param mark whatever the caller wants to be told of the chunk in which a line begins
     */
    public void offer(byte[] bytes, long mark) {
        if (position < chunk.length) {
            throw new IllegalStateException("the chunk before is not used up");
        }
        chunk = bytes;
        position = 0;
        chunkMark = mark;
    }

    /** Goes on to the next line. */
    public Step next() {
        while (!tooLong) {
            int start = position;
            int newline = indexOfNewline(start);
            if (newline < 0) {
                keep(start, chunk.length);
                position = chunk.length;
                if (!tooLong) {
                    chunk = NOTHING;
                    position = 0;
                    // The line before may lie in the chunk: it must not be kept for its sake.
                    expose(NOTHING, 0, 0);
                    return Step.NEEDS_INPUT;
                }
            } else {
                position = newline + 1;
                if (finish(start, newline)) {
                    return Step.LINE;
                }
            }
        }
        chunk = NOTHING;
        position = 0;
        return Step.TOO_LONG;
    }

    private int indexOfNewline(int start) {
        for (int i = start; i < chunk.length; i++) {
            if (chunk[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Adds the chunk's rest to the unfinished line. */
    private void keep(int start, int end) {
        if (start == end) {
            return;
        }
        int length = lineLength + end - start;
        // One byte more than the limit is within it if that byte turns out to be the terminator's \r.
        boolean carriageReturn = chunk[end - 1] == '\r';
        if (length - (carriageReturn ? 1 : 0) > maxLineBytes) {
            overflow(start, end);
            return;
        }
        lineLength = length;
        int from = lineStarted ? start : skipWhite(chunk, start, end);
        if (from < end) {
            start(chunkMark);
            hold(from, end);
        }
    }

    /** Ends the line at its newline. Says whether there is anything in it. */
    private boolean finish(int start, int newline) {
        int length = lineLength + newline - start;
        boolean carriageReturn = newline > start ? chunk[newline - 1] == '\r' : endsInHeldCarriageReturn();
        if (length - (carriageReturn ? 1 : 0) > maxLineBytes) {
            overflow(start, newline);
            return false;
        }
        int from = lineStarted ? start : skipWhite(chunk, start, newline);
        if (!lineStarted && from == newline) {
            reset();
            return false;
        }
        start(chunkMark);
        startedAt = lineMark;
        if (heldLength == 0) {
            expose(chunk, from, newline);
        } else {
            hold(from, newline);
            expose(held, 0, heldLength);
        }
        lineTo = trimEnd(lineBytes, lineFrom, lineTo);
        reset();
        return true;
    }

    /** The line is too long: what lies within the limit (and a byte) of it is kept, however it was cut into chunks. */
    private void overflow(int start, int end) {
        tooLong = true;
        int until = Math.min(end, start + maxLineBytes + 1 - lineLength);
        int from = lineStarted ? start : skipWhite(chunk, start, until);
        start(chunkMark);
        startedAt = lineMark;
        hold(from, until);
        expose(held, 0, heldLength);
    }

    private boolean endsInHeldCarriageReturn() {
        // Leading white space is not held, but a line of nothing else is blank whatever its length.
        return heldLength > 0 ? held[heldLength - 1] == '\r' : lineLength > 0;
    }

    private void start(long mark) {
        if (!lineStarted) {
            lineStarted = true;
            lineMark = mark;
        }
    }

    private void hold(int from, int to) {
        int length = to - from;
        if (held.length < heldLength + length) {
            int wanted = Math.max(FIRST_ALLOCATION, Math.max(held.length * 2, heldLength + length));
            held = Arrays.copyOf(held, Math.min(wanted, maxLineBytes + 1));
        }
        System.arraycopy(chunk, from, held, heldLength, length);
        heldLength += length;
    }

    private void expose(byte[] bytes, int from, int to) {
        lineBytes = bytes;
        lineFrom = from;
        lineTo = to;
    }

    /** Forgets the line, its bytes' array included: idle connections are many, and must be small. */
    private void reset() {
        held = NOTHING;
        heldLength = 0;
        lineLength = 0;
        lineStarted = false;
    }

    private static int skipWhite(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && isWhite(bytes[i])) {
            i++;
        }
        return i;
    }

    private static int trimEnd(byte[] bytes, int from, int to) {
        int i = to;
        while (i > from && isWhite(bytes[i - 1])) {
            i--;
        }
        return i;
    }

    private static boolean isWhite(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    /** The array that holds the line found last. Valid until the next call of {@link #next} or {@link #offer}. */
    public byte[] bytes() {
        return lineBytes;
    }

    /** Index of the line's first byte in {@link #bytes}. */
    public int from() {
        return lineFrom;
    }

    /** Index after the line's last byte in {@link #bytes}. */
    public int to() {
        return lineTo;
    }

    /** The mark of the chunk that brought the line's first byte that is not white space. */
    public long startedAt() {
        return startedAt;
    }

    /** Whether the last chunk ended inside a line (white space alone does not begin one). */
    public boolean midLine() {
        return lineStarted;
    }

    /** Memory that it takes for what it has been given and has not said yet. */
    public int heldBytes() {
        return held.length + (hasInput() ? chunk.length : 0);
    }

    /** Whether bytes of the chunk offered last are still waiting. */
    public boolean hasInput() {
        return position < chunk.length;
    }
}
