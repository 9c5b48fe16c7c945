package io.pesan.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** An inbox whose message has been handed over by a node that is about to die, before anybody could confirm it. */
final class LeasedInbox {

    /** What a gateway takes, and renews as long as it lives. */
    private static final Duration LEASE = Duration.ofSeconds(5);

    private static final Duration SLACK = Duration.ofSeconds(4);
    private static final String TEXT = "who has this";

    private final NodeProcess other;
    /** Not closed before its node is gone, not even by a collection of garbage: that would confirm. */
    private final WireClient reader;

    private final String token;

    private LeasedInbox(NodeProcess other, WireClient reader, String token) {
        this.other = other;
        this.reader = reader;
        this.token = token;
    }

    /**
     * Makes one.
     *
     * @param group of an account that is added
     * @param other node that lives on
     */
    static LeasedInbox through(NodeProcess victim, String group, NodeProcess other) {
        Traffic.addUsers(other, group, 1);
        WireClient reader = victim.connect();
        String token = reader.logIn(group + "-0", "secret");
        assertThat(reader.ask("send " + group + "-0 " + TEXT)).startsWith("{\"status\": \"OK\"");
        assertThat(WireClient.texts(reader.ask("inbox"))).containsExactly(TEXT);
        return new LeasedInbox(other, reader, token);
    }

    /**
     * The message comes again once the lease has lapsed, and not much later. To be called when the node that had taken it has
     * just been killed.
     */
    void checkThatItIsFreeInTime() {
        reader.close();
        try (WireClient client = other.connect()) {
            assertThat(WireClient.texts(client.ask("inbox " + token)))
                    .as("while the lease lasts")
                    .isEmpty();
            await("the inbox is free again")
                    .atMost(LEASE.plus(SLACK))
                    .untilAsserted(() -> assertThat(WireClient.texts(client.ask("inbox " + token)))
                            .contains(TEXT));
        }
    }
}
