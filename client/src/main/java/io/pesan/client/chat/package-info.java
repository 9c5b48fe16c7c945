/**
 * The interactive client, {@code pesan chat}. The main thread reads what is typed and waits for nothing else; everything
 * about the connection ({@link io.pesan.client.chat.ChatConnection}) happens on one event loop, which shows what
 * arrives through a {@link io.pesan.client.chat.Screen} that both may use.
 */
package io.pesan.client.chat;
