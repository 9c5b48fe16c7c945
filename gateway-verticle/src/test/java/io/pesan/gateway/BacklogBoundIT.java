package io.pesan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.bus.proto.InboxBatchReply;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogBoundIT {

    @Test
    void readsNoMoreOnceItsBacklogIsFull() throws Exception {
        try (GatewayUnderTest gateway = GatewayUnderTest.start();
                RawClient witness = gateway.connect()) {
            gateway.services.inbox = batch -> Promise.<InboxBatchReply>promise().future();
            List<RawClient> clients = new ArrayList<>();
            String send = "send " + ScriptedServices.TOKEN + " henderson " + "x".repeat(62_000) + "\n";
            for (int i = 0; i < 1_300; i++) {
                RawClient client = gateway.connect();
                client.say(send);
                clients.add(client);
            }
            // 77 MiB of lines were read and none is answered: the bound is 64 MiB.
            witness.say("ping\n");
            assertThat(witness.endingWithin(Duration.ofMillis(500))).isEqualTo("open");
            for (RawClient client : clients) {
                client.reset();
            }
        }
    }
}
