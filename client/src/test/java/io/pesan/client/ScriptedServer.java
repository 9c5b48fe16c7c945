package io.pesan.client;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** A server that answers each line as a test says, at a free port on loopback. An empty answer is none at all. */
public final class ScriptedServer implements AutoCloseable {

    private final NetServer server;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<NetSocket> sockets = new ConcurrentLinkedQueue<>();

    public ScriptedServer(Vertx vertx, Function<String, String> answers) {
        server = vertx.createNetServer().connectHandler(socket -> {
            sockets.add(socket);
            socket.exceptionHandler(reset -> sockets.remove(socket));
            socket.handler(RecordParser.newDelimited("\n", line -> {
                lines.add(line.toString());
                String answer = answers.apply(line.toString());
                if (!answer.isEmpty()) {
                    socket.write(answer);
                }
            }));
        });
        server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(5, SECONDS)
                .join();
    }

    public int port() {
        return server.actualPort();
    }

    /** What was asked, in order. */
    public Queue<String> lines() {
        return lines;
    }

    /** Writes something that was not asked for. */
    public void push(String text) {
        sockets.forEach(socket -> socket.write(text));
    }

    /** Closes every connection that was made so far. */
    public void cutConnections() {
        sockets.forEach(NetSocket::close);
        sockets.clear();
    }

    @Override
    public void close() {
        server.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(5, SECONDS)
                .join();
    }
}
