package io.pesan.gateway;

import static io.pesan.gateway.GatewayUnderTest.LIMITS;
import static io.pesan.gateway.GatewayUnderTest.PATIENT;
import static io.pesan.gateway.ScriptedServices.OTHER_TOKEN;
import static io.pesan.gateway.ScriptedServices.TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.proto.CredentialReply;
import io.pesan.contract.bus.proto.InboxBatch;
import io.pesan.contract.bus.proto.InboxBatchReply;
import io.pesan.contract.bus.proto.InboxCommand;
import io.pesan.contract.bus.proto.Refusal;
import io.pesan.contract.protocol.Token;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Order, batches, and requests that come many at once or byte by byte. */
class PipeliningIT {

    private static final int MANY = 1_000;

    private final GatewayUnderTest gateway = GatewayUnderTest.start(LIMITS, PATIENT);
    private final ScriptedServices services = gateway.services;

    @AfterEach
    void close() {
        gateway.close();
    }

    private static String sends(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append("@")
                    .append(i)
                    .append(" send ")
                    .append(TOKEN)
                    .append(" henderson m")
                    .append(i)
                    .append("\r\n");
        }
        return lines.toString();
    }

    private static List<String> texts(List<InboxCommand> commands) {
        return commands.stream().map(command -> command.getSend().getText()).toList();
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    }

    @Test
    void answersAThousandCommandsOfOneWriteInOrder() throws IOException {
        try (RawClient client = gateway.connect()) {
            client.say(sends(MANY));
            List<String> replies = client.replies(MANY);
            for (int i = 0; i < MANY; i++) {
                assertThat(replies.get(i)).endsWith("\"tag\": \"" + i + "\"}");
            }
            assertThat(texts(services.inboxCommands())).isEqualTo(numbered(MANY));
        }
    }

    @Test
    void answersAThousandCommandsOfEveryKindInOrder() throws IOException {
        List<String> kinds = List.of(
                "ping",
                "send henderson x",
                "inbox",
                "listuser",
                "whoami",
                "nonsense",
                "auth messi surabaya",
                "help",
                "send " + TOKEN + " henderson y",
                "resume " + TOKEN,
                "passwd a b",
                "send x \u0001");
        try (RawClient client = gateway.connectAndAuth()) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < MANY; i++) {
                lines.append('@')
                        .append(i)
                        .append(' ')
                        .append(kinds.get(i % kinds.size()))
                        .append('\n');
            }
            client.say(lines.toString());
            for (int i = 0; i < MANY; i++) {
                assertThat(client.reply()).as(kinds.get(i % kinds.size())).endsWith("\"tag\": \"" + i + "\"}");
            }
        }
    }

    @Test
    void understandsAConversationHoweverItIsCut() throws IOException {
        byte[] conversation =
                ("auth messi surabaya \r\nsend henderson h\u00f3la \ud83d\ude00\r\n\r\n@t ping\nbad \u0001\n" + "inbox "
                                + TOKEN + " \r\nsend henderson \u65e5\u672c\n")
                        .getBytes(UTF_8);
        List<String> whole;
        try (RawClient client = gateway.connect()) {
            whole = client.say(conversation).replies(6);
        }
        for (int cut = 1; cut < conversation.length; cut++) {
            try (RawClient client = gateway.connect()) {
                client.say(Arrays.copyOfRange(conversation, 0, cut));
                client.say(Arrays.copyOfRange(conversation, cut, conversation.length));
                assertThat(withoutIds(client.replies(6))).as("cut at %d", cut).isEqualTo(withoutIds(whole));
            }
        }
        try (RawClient client = gateway.connect()) {
            for (byte b : conversation) {
                client.say(new byte[] {b});
            }
            assertThat(withoutIds(client.replies(6))).isEqualTo(withoutIds(whole));
        }
        assertThat(texts(services.inboxCommands())).contains("h\u00f3la \ud83d\ude00", "\u65e5\u672c");
    }

    private static List<String> withoutIds(List<String> replies) {
        return replies.stream().map(reply -> reply.replaceAll("1-\\d+", "1-?")).toList();
    }

    @Test
    void showsAnIdOnlyBehindTheFirstUseOfAnExtension() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            client.say("send henderson a\nping\nsend henderson b\n");
            List<String> replies = client.replies(3);
            assertThat(replies.get(0)).isEqualTo("{\"status\": \"OK\", \"message\": \"Message Sent\"}");
            assertThat(replies.get(2)).contains("\"id\": ");
        }
    }

    @Test
    void answersEverythingBeforeAHalfCloseHoweverMuchItIs() throws IOException {
        int count = 5_000;
        try (RawClient client = gateway.connectAndAuth()) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < count; i++) {
                lines.append('@').append(i).append(i % 2 == 0 ? " ping\n" : " send henderson m" + i + "\n");
            }
            Thread writer = new Thread(() -> {
                try {
                    client.say(lines.toString()).endOutput();
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            });
            writer.start();
            for (int i = 0; i < count; i++) {
                assertThat(client.reply()).endsWith("\"tag\": \"" + i + "\"}");
            }
            assertThat(client.ending()).isEqualTo("end");
        }
        assertThat(services.count(InboxCommand.OperationCase.SEND)).isEqualTo(count / 2);
    }

    @Test
    void closesAtOnceAfterAHalfCloseWithNothingToAnswer() throws IOException {
        try (RawClient client = gateway.connect()) {
            assertThat(client.endOutput().ending()).isEqualTo("end");
        }
        try (RawClient client = gateway.connect()) {
            assertThat(client.say("ping").endOutput().ending())
                    .as("an unfinished line is no request")
                    .isEqualTo("end");
        }
    }

    @Test
    void hasOneBatchUnderWayAndSendsTheRestAsTheNext() throws IOException {
        List<Promise<InboxBatchReply>> held = Collections.synchronizedList(new ArrayList<>());
        services.inbox = batch -> {
            Promise<InboxBatchReply> promise = Promise.promise();
            held.add(promise);
            return promise.future();
        };
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(gateway.connect());
        }
        clients.get(0).say("send " + TOKEN + " henderson m0\n");
        await().until(() -> held.size() == 1);
        for (int i = 1; i < 5; i++) {
            clients.get(i)
                    .say("send " + TOKEN + " henderson a" + i + "\nsend " + TOKEN + " henderson b" + i + "\nping\n");
        }
        // A second service answers meanwhile, and shows that what came before it has been read.
        for (int i = 1; i < 5; i++) {
            try (RawClient witness = gateway.connect()) {
                assertThat(witness.ask("listuser " + TOKEN)).startsWith("{\"status\": \"OK\"");
            }
        }
        assertThat(held).hasSize(1);
        answer(held.get(0), 0);
        await().until(() -> held.size() == 2);
        InboxBatch second = batches().get(1);
        assertThat(second.getCommandsCount()).isEqualTo(8);
        for (int i = 0; i < 8; i += 2) {
            InboxCommand first = second.getCommands(i);
            InboxCommand next = second.getCommands(i + 1);
            assertThat(first.getConnection()).isEqualTo(next.getConnection()).isEqualTo(i / 2);
            assertThat(next.getSend().getText())
                    .isEqualTo(first.getSend().getText().replace('a', 'b'));
        }
        answer(held.get(1), 1);
        for (int i = 1; i < 5; i++) {
            assertThat(clients.get(i).replies(3)).last().asString().contains("pong");
        }
        assertThat(batches()).extracting(InboxBatch::getNumber).containsExactly(1L, 2L);
        assertThat(batches()).extracting(InboxBatch::getLane).containsOnly(second.getLane());
        assertThat(second.getLane()).matches("[A-Za-z0-9_-]{1,16}");
        assertThat(second.getBudgetMs()).isBetween(1, 2_000);
        for (RawClient client : clients) {
            client.close();
        }
    }

    private List<InboxBatch> batches() {
        return List.copyOf(services.inboxBatches);
    }

    private void answer(Promise<InboxBatchReply> promise, int batch) {
        services.answerInbox(batches().get(batch)).onComplete(promise);
    }

    @Test
    void letsACommandForTheOtherServiceWait() throws IOException {
        Promise<InboxBatchReply> held = Promise.promise();
        services.inbox = batch -> held.future();
        try (RawClient client = gateway.connect()) {
            client.say("send " + TOKEN + " henderson a\nlogout " + TOKEN + "\nsend " + TOKEN + " henderson b\n");
            await().until(() -> !services.inboxBatches.isEmpty());
            try (RawClient witness = gateway.connect()) {
                witness.ask("whoami " + TOKEN);
            }
            assertThat(services.sessionBatches).as("the witness' alone").hasSize(1);
            services.inbox = services::answerInbox;
            answer(held, 0);
            assertThat(client.replies(3)).allMatch(reply -> reply.startsWith("{\"status\": \"OK\""));
            assertThat(services.sessionBatches).hasSize(2);
            assertThat(services.inboxBatches).hasSize(2);
        }
    }

    @Test
    void bindsTheCommandsBehindALoginToItsSession() throws IOException {
        try (RawClient client = gateway.connect()) {
            client.say("send x y\nauth messi surabaya\nsend x y\nresume " + OTHER_TOKEN + "\nsend x y\nlistuser\n");
            List<String> replies = client.replies(6);
            assertThat(replies.get(0)).contains("SESSION_UNKNOWN");
            assertThat(replies.subList(1, 6)).allMatch(reply -> reply.startsWith("{\"status\": \"OK\""));
            assertThat(services.inboxCommands())
                    .extracting(command -> command.getSend().getSession())
                    .containsExactly(new Token(TOKEN).hash(), new Token(OTHER_TOKEN).hash());
            services.credentials = request -> Future.succeededFuture(CredentialReply.newBuilder()
                    .setRefused(ScriptedServices.refused(Refusal.PASSWORD_WRONG))
                    .build());
            client.say("send x y\nauth messi wrong\nsend x y\n");
            replies = client.replies(3);
            assertThat(replies.get(0)).contains("Message Sent");
            assertThat(replies.get(1)).contains("PASSWORD_WRONG");
            assertThat(replies.get(2)).contains("SESSION_UNKNOWN");
        }
    }

    @Test
    void hearsNothingAfterQuit() throws IOException {
        try (RawClient client = gateway.connectAndAuth()) {
            client.say("send x a\nquit\nsend x b\nping\n");
            assertThat(client.replies(2)).last().asString().contains("Bye");
            assertThat(client.ending()).isEqualTo("end");
            assertThat(texts(services.inboxCommands())).containsExactly("a");
        }
    }

    @Test
    void outlivesClientsThatVanishInTheMiddleOfThousandsOfCommands() throws IOException {
        Promise<InboxBatchReply> held = Promise.promise();
        services.inbox = batch -> held.future();
        for (int i = 0; i < 20; i++) {
            RawClient client = gateway.connect();
            client.say(sends(1_500));
            client.reset();
        }
        try (RawClient client = gateway.connect()) {
            assertThat(client.ask("ping")).contains("pong");
        }
    }
}
