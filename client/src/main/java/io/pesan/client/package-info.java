/**
 * A Pesan client for Java, on Vert.x: {@link io.pesan.client.PesanClient} is one connection.
 *
 * <p>Three kinds of failure are kept apart. What a server may well answer is a value: an {@link
 * io.pesan.client.Outcome}, which is {@link io.pesan.client.Outcome.Done} or {@link io.pesan.client.Outcome.Refused}, so
 * that a caller can't overlook a full inbox as it could an exception. That a server can't be reached, is silent or talks
 * nonsense fails the future, with a {@link io.pesan.client.ClientException}. An argument that no server could accept,
 * such as a text with a line break, throws an {@link IllegalArgumentException}: it never reaches the wire.
 *
 * <p>Calls may come from any thread and take effect in the order in which one thread makes them; futures complete on the
 * connection's event loop, which must not be blocked.
 */
package io.pesan.client;
