package io.pesan.node.top;

import io.pesan.node.config.Terminal;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** How wide the terminal is; asked each time, as windows are drawn larger and smaller. */
final class Screen {

    /** Of who reads lines: a pipe, a file, or a terminal that can't be asked. */
    static final int UNLIMITED = 10_000;

    private static final File TERMINAL = new File("/dev/tty");

    private Screen() {}

    static int width() {
        if (!Terminal.shows() || !TERMINAL.canRead()) {
            return UNLIMITED;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(TERMINAL)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return stty.waitFor(1, TimeUnit.SECONDS) ? columns(size) : UNLIMITED;
        } catch (IOException noStty) {
            return UNLIMITED;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return UNLIMITED;
        }
    }

    /** @param size rows and columns, as {@code stty} says them; 0 columns: it does not know */
    static int columns(String size) {
        String[] words = size.strip().split(" ", -1);
        boolean known = words.length == 2 && words[1].matches("[1-9]\\d{0,3}");
        return known ? Integer.parseInt(words[1]) : UNLIMITED;
    }
}
