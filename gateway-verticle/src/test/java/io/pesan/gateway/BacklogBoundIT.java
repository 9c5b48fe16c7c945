package io.pesan.gateway;

import static org.awaitility.Awaitility.await;

import io.pesan.contract.bus.proto.InboxBatchReply;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory stays bounded when a service is silent and many clients go on sending. */
class BacklogBoundIT {

    @Test
    void readsNoMoreOnceItsBacklogIsFull() throws Exception {
        try (GatewayUnderTest gateway = GatewayUnderTest.start()) {
            gateway.services.inbox = batch -> Promise.<InboxBatchReply>promise().future();
            List<RawClient> clients = new ArrayList<>();
            String send = "send " + ScriptedServices.TOKEN + " henderson " + "x".repeat(62_000) + "\n";
            for (int i = 0; i < 1_300; i++) {
                RawClient client = gateway.connect();
                client.say(send);
                clients.add(client);
            }
            // 77 MiB of lines are sent and none is answered: once 64 MiB of them are read, nothing else is.
            await().atMost(Duration.ofSeconds(4)).until(() -> isDeaf(gateway));
            for (RawClient client : clients) {
                client.reset();
            }
        }
    }

    private static boolean isDeaf(GatewayUnderTest gateway) throws Exception {
        try (RawClient witness = gateway.connect()) {
            witness.say("ping\n");
            return witness.endingWithin(Duration.ofMillis(300)).equals("open");
        }
    }
}
