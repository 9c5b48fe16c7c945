package io.pesan.client;

/** What a scripted server writes. */
public final class Wire {

    public static final String TOKEN = "36fb2d4e-d5d1-476b-82d8-ffa4140e2af3";
    public static final String LISTENING = "{\"status\": \"OK\", \"message\": \"Listening\"}\r\n\r\n";
    public static final String PONG = "{\"status\": \"OK\", \"message\": \"pong\"}\r\n\r\n";
    public static final String AUTH =
            "{\"status\": \"OK\", \"tokenid\": \"" + TOKEN + "\", \"tokenId\": \"" + TOKEN + "\"}\r\n\r\n";
    public static final String RESUMED = "{\"status\": \"OK\", \"username\": \"messi\"}\r\n\r\n";
    /** Of a server that pushes. */
    public static final String HELP =
            "{\"status\": \"OK\", \"commands\": [\"help\", \"listen [token] [after <id>]\"]}\r\n\r\n";

    private Wire() {}

    public static String message(long id, String text) {
        return "{\"event\": \"message\", " + fields(id, text) + "}\r\n\r\n";
    }

    public static String fields(long id, String text) {
        return "\"id\": \"" + id
                + "-0\", \"from\": \"lineker\", \"name\": \"Gary Lineker\", \"to\": \"messi\", \"text\": \"" + text
                + "\", \"at\": \"2026-11-24T02:46:36.007Z\"";
    }

    public static String closing(String reason, long retryAfterMs) {
        return "{\"event\": \"closing\", \"reason\": \"" + reason + "\", \"retry_after_ms\": " + retryAfterMs
                + "}\r\n\r\n";
    }

    public static String error(String code) {
        return "{\"status\": \"ERROR\", \"message\": \"Maaf\", \"code\": \"" + code + "\"}\r\n\r\n";
    }

    /** OK to a {@code send} whose tag is the line's first word. */
    public static String sent(String line, boolean duplicate) {
        return "{\"status\": \"OK\", \"message\": \"Message Sent\", \"id\": \"1-1\""
                + (duplicate ? ", \"duplicate\": true" : "") + ", \"tag\": \""
                + line.substring(1, line.indexOf(' ')) + "\"}\r\n\r\n";
    }
}
