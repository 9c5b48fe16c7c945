package io.pesan.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.contract.protocol.Username;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeySlotTest {

    /** From Redis's own specification of its cluster, and {@code CLUSTER KEYSLOT} of a server. */
    @ParameterizedTest
    @CsvSource({"123456789, 12739", "foo, 12182", "{foo}:bar, 12182", "x{foo}{zap}, 12182", "foo{}{bar}, 8363"})
    void isWhatRedisSays(String key, int slot) {
        assertThat(KeySlot.of(key)).isEqualTo(slot);
    }

    @Test
    void isThatOfARequestsFirstKey() {
        assertThat(KeySlot.of(Request.cmd(Command.GET, "foo"))).isEqualTo(12182);
        assertThat(KeySlot.of(Request.cmd(Command.SET, "foo", "bar", "PX", "5")))
                .isEqualTo(12182);
        assertThat(KeySlot.of(Request.cmd(Command.ZRANGE, "foo", "0", "-1"))).isEqualTo(12182);
        assertThat(KeySlot.of(Request.cmd(Command.EVALSHA, "abc", 2, "{foo}:1", "{foo}:2", "bar")))
                .isEqualTo(12182);
        assertThat(KeySlot.of(Request.cmd(Command.TIME))).isEqualTo(KeySlot.NONE);
    }

    @Test
    void isOneForAllKeysOfAUser() {
        Username user = new Username("bob");
        List<String> keys = List.of(
                RedisKeys.account(user), RedisKeys.inbox(user), RedisKeys.tags(user), RedisKeys.userSessions(user));
        assertThat(keys).allSatisfy(key -> assertThat(KeySlot.of(key)).isEqualTo(KeySlot.of("bob")));
        assertThat(KeySlot.of(RedisKeys.mark(RedisKeys.inbox(user)))).isEqualTo(KeySlot.of("bob"));
    }
}
