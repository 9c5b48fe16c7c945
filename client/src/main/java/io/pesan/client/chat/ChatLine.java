package io.pesan.client.chat;

import io.pesan.contract.protocol.Username;
import io.pesan.contract.text.SafeText;
import java.util.Locale;

/** What a typed line means. */
sealed interface ChatLine {

    /** Nothing was typed. */
    record Nothing() implements ChatLine {}

    /** A text for the recipient who was chosen last. */
    record Say(String text) implements ChatLine {}

    /** A text for this recipient; the chosen one stays. */
    record SayTo(Username recipient, String text) implements ChatLine {}

    /** Chooses whom plain lines go to. */
    record Choose(Username recipient) implements ChatLine {}

    /** A command without arguments. */
    enum Command implements ChatLine {
        INBOX,
        WHO,
        ME,
        PASSWD,
        HELP,
        QUIT
    }

    /** Means nothing. */
    record Wrong(String why) implements ChatLine {}

    /**
     * Reads a line. A second {@code /} or {@code @} at the beginning makes a text of what would be a command.
     */
    static ChatLine parse(String typed) {
        String line = typed.strip();
        if (line.isEmpty()) {
            return new Nothing();
        }
        if (line.startsWith("//") || line.startsWith("@@")) {
            return new Say(line.substring(1));
        }
        return switch (line.charAt(0)) {
            case '@' -> parseDirect(line);
            case '/' -> parseCommand(line);
            default -> new Say(line);
        };
    }

    private static ChatLine parseDirect(String line) {
        String[] parts = line.substring(1).split("\\s+", 2);
        if (!Username.isValid(parts[0])) {
            return new Wrong("no username: " + SafeText.of(parts[0]));
        }
        Username recipient = new Username(parts[0]);
        return parts.length == 1 ? new Choose(recipient) : new SayTo(recipient, parts[1]);
    }

    private static ChatLine parseCommand(String line) {
        String[] words = line.split("\\s+", -1);
        if (words[0].equals("/to")) {
            return words.length == 2 && Username.isValid(words[1])
                    ? new Choose(new Username(words[1]))
                    : new Wrong("/to takes a username");
        }
        for (Command command : Command.values()) {
            if (words[0].equals("/" + command.name().toLowerCase(Locale.ROOT))) {
                return words.length == 1 ? command : new Wrong(words[0] + " takes no arguments");
            }
        }
        return new Wrong("no such command: " + SafeText.of(words[0]) + " (/help shows them)");
    }
}
