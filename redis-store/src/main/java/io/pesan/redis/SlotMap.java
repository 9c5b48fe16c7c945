package io.pesan.redis;

import io.vertx.redis.client.Response;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which server has which of a Redis Cluster's slots, as one of them told it. */
final class SlotMap {

    static final SlotMap EMPTY = new SlotMap();

    private final @Nullable RedisAddress[] owners = new RedisAddress[KeySlot.COUNT];

    private SlotMap() {}

    /**
     * Reads the answer to {@code CLUSTER SLOTS}.
     *
     * @param asked who gave it: a server that does not know its own name leaves it out
     */
    static SlotMap read(Response slots, RedisAddress asked) {
        SlotMap map = new SlotMap();
        for (Response range : slots) {
            Response primary = range.get(2);
            String host = primary.get(0) == null ? "" : primary.get(0).toString();
            RedisAddress owner = host.isEmpty() || host.equals("?")
                    ? new RedisAddress(asked.host(), primary.get(1).toInteger())
                    : RedisAddress.told(host, primary.get(1).toInteger());
            Arrays.fill(map.owners, range.get(0).toInteger(), range.get(1).toInteger() + 1, owner);
        }
        return map;
    }

    /** Null: nobody has it. */
    @Nullable RedisAddress owner(int slot) {
        return owners[slot];
    }

    /** Everybody who has a slot. */
    Set<RedisAddress> primaries() {
        Set<RedisAddress> primaries = new LinkedHashSet<>();
        RedisAddress last = null;
        for (RedisAddress owner : owners) {
            // Slots come in long ranges.
            if (owner != null && !owner.equals(last)) {
                primaries.add(owner);
                last = owner;
            }
        }
        return primaries;
    }

    boolean isComplete() {
        return Arrays.stream(owners).allMatch(owner -> owner != null);
    }
}
