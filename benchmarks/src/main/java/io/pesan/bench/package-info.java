/**
 * The load generator. One thread drives every connection with a selector ({@link io.pesan.bench.LoadLoop}), so that it
 * shares a small machine with the server that it measures; what a connection asks is a {@link
 * io.pesan.bench.Conversation}; what came of it is counted by a {@link io.pesan.bench.Tally}. Apart from creating
 * accounts, everything happens on that one thread and nothing here is safe for use by several.
 */
package io.pesan.bench;
