/**
 * The client protocol, without any I/O: how bytes become lines ({@link io.pesan.contract.protocol.LineFramer}), lines
 * become words ({@link io.pesan.contract.protocol.RequestLine}), and answers become bytes
 * ({@link io.pesan.contract.protocol.ReplyBuffer}); and the values that both sides name.
 *
 * <p>Framer and reply buffer belong to one connection or one event loop and are not safe for use by several threads.
 */
package io.pesan.contract.protocol;
