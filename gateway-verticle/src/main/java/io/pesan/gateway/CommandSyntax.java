package io.pesan.gateway;

import io.pesan.contract.protocol.RequestLine;

/** One command of the protocol: its word, and how its arguments become a call. One class and one row of the table. */
interface CommandSyntax {

    /** The command's word. */
    String word();

    /** What {@code help} shows: the word and the arguments. */
    String usage();

    /** Reads the arguments. What is wrong with them becomes a call as well: a {@link Refusal}. */
    Call parse(RequestLine line);
}
