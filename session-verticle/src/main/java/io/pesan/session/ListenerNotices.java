package io.pesan.session;

import io.pesan.contract.bus.GatewayNotices;
import io.pesan.contract.bus.proto.GatewayNotice;
import io.pesan.contract.protocol.Username;
import io.pesan.redis.RedisKeys;
import io.pesan.redis.RedisLink;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the gateways that hold listening connections of a user that a session of the user's has ended. Nobody waits for it: a
 * gateway that was not told finds it by itself within seconds.
 */
final class ListenerNotices {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerNotices.class);

    private final RedisLink redis;
    private final GatewayNotices notices;

    ListenerNotices(RedisLink redis, GatewayNotices notices) {
        this.redis = redis;
        this.notices = notices;
    }

    void sessionEnded(Username user) {
        redis.send(Request.cmd(Command.ZRANGE, RedisKeys.listeners(user), "0", "-1"))
                .onComplete(
                        gateways -> gateways.forEach(gateway -> tell(gateway, user)),
                        failure -> LOG.atDebug()
                                .addKeyValue("username", user)
                                .addKeyValue("failure", String.valueOf(failure))
                                .log("could not tell gateways that a session has ended; they will see"));
    }

    private void tell(Response gateway, Username user) {
        notices.tell(GatewayNotice.newBuilder()
                .setGateway(gateway.toString())
                .addSessionsEnded(user.value())
                .build());
    }
}
