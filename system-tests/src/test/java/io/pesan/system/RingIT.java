package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 200 connections at once, each sending to the next around a ring and reading its own inbox. */
class RingIT {

    private static final int USERS = 200;
    private static final int MESSAGES = 500;
    private static final int DEPTH = 10;
    private static final long HEAP_TOLERANCE_BYTES = 8 << 20;
    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

    @TempDir
    Path folder;

    @Test
    void everyMessageArrivesOnceAndInOrderAndTheHeapDoesNotGrow() throws Exception {
        try (NodeProcess node = NodeProcess.start(folder.resolve("data"), NodeProcess.CHEAP_HASHES)) {
            for (int user = 0; user < USERS; user++) {
                node.addUser(name(user), "secret", "User " + user);
            }
            goRound(node, 0);
            long heapAfterOne = heapAfterCollection(node);
            goRound(node, MESSAGES);
            goRound(node, 2 * MESSAGES);
            assertThat(heapAfterCollection(node)).isLessThan(heapAfterOne + HEAP_TOLERANCE_BYTES);
        }
    }

    private static void goRound(NodeProcess node, int firstNumber) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(USERS);
        try {
            List<Callable<List<String>>> users = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                int user = i;
                users.add(() -> sendAndReceive(node, user, firstNumber));
            }
            List<Future<List<String>>> received = threads.invokeAll(users, 120, TimeUnit.SECONDS);
            for (int i = 0; i < USERS; i++) {
                List<String> expected = new ArrayList<>();
                for (int number = firstNumber; number < firstNumber + MESSAGES; number++) {
                    expected.add(text((i + USERS - 1) % USERS, number));
                }
                assertThat(received.get(i).get()).as(name(i)).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<String> sendAndReceive(NodeProcess node, int user, int firstNumber) {
        List<String> received = new ArrayList<>();
        try (WireClient client = node.connect()) {
            client.logIn(name(user), "secret");
            String next = name((user + 1) % USERS);
            for (int number = firstNumber; number < firstNumber + MESSAGES; number += DEPTH) {
                for (int i = number; i < number + DEPTH; i++) {
                    client.send("send " + next + " " + text(user, i) + "\r\n");
                }
                for (int i = number; i < number + DEPTH; i++) {
                    assertThat(client.reply()).startsWith("{\"status\": \"OK\"");
                }
                receive(client, user, received);
            }
            while (received.size() < MESSAGES) {
                receive(client, user, received);
            }
        }
        return received;
    }

    private static void receive(WireClient client, int user, List<String> received) {
        JsonObject messages = client.askJson("inbox").getJsonObject("messages");
        JsonArray fromPrevious = messages.getJsonArray(name((user + USERS - 1) % USERS), new JsonArray());
        assertThat(messages.size()).isLessThanOrEqualTo(1);
        for (int i = 0; i < fromPrevious.size(); i++) {
            received.add(fromPrevious.getJsonObject(i).getString("msg"));
        }
    }

    private static String name(int user) {
        return "ring-" + user;
    }

    private static String text(int user, int number) {
        return "message " + number + " of " + user;
    }

    private static long heapAfterCollection(NodeProcess node) throws IOException, InterruptedException {
        jcmd(node, "GC.run");
        Matcher used = HEAP_USED.matcher(jcmd(node, "GC.heap_info"));
        assertThat(used.find()).isTrue();
        return Long.parseLong(used.group(1)) << 10;
    }

    private static String jcmd(NodeProcess node, String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(node.pid()), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
