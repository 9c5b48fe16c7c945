package io.pesan.client.chat;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where a person types and reads. Showing is safe from any thread, also while a line is being typed. */
interface Screen extends AutoCloseable {

    /** Shows one line or several, whose parts have been made fit to be shown. */
    void show(String lines);

    /** Shows what went wrong. */
    void complain(String line);

    /**
     * Asks for something that is seen while it is typed, but not remembered.
     *
     * @return null at the end of the input
     */
    @Nullable String ask(String question) throws IOException;

    /**
     * Asks for something that nobody may see.
     *
     * @return null at the end of the input
     */
    @Nullable String askSecret(String question) throws IOException;

    /**
     * Reads the next line, with editing and history where there are any.
     *
     * @return null at the end of the input
     */
    @Nullable String next() throws IOException;

    /** Whether a person sits in front of it, who sees an answer and tries again. */
    boolean isInteractive();

    @Override
    void close() throws IOException;
}
