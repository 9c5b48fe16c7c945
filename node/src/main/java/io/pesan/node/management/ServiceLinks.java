package io.pesan.node.management;

import io.pesan.redis.RedisMetrics;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the connections by which the node's services call Redis serve them: those that health has itself may be well while
 * these are refused. Told by the links, each on its event loop, whether anybody counts or not.
 */
public final class ServiceLinks {

    private final List<Service> services = new CopyOnWriteArrayList<>();

    /**
     * For the connections of one instance of a service.
     *
     * @param service its name
     * @param anyServes whether one of its connections that serves is enough, as to one primary of a Redis Cluster
     * @param counted makes what is told of each connection, too
     */
    public Supplier<RedisMetrics> of(String service, boolean anyServes, Supplier<RedisMetrics> counted) {
        Service watched = new Service(service, anyServes, ConcurrentHashMap.newKeySet());
        services.add(watched);
        return () -> {
            Link link = new Link(watched.links(), counted.get());
            watched.links().add(link);
            return link;
        };
    }

    /** What is wrong; null: nothing. */
    @Nullable String complaint() {
        String unserved = services.stream()
                .filter(service -> !service.isServed())
                .map(Service::name)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return unserved.isEmpty() ? null : "Redis does not serve: " + unserved;
    }

    private record Service(String name, boolean anyServes, Set<Link> links) {

        boolean isServed() {
            return links.isEmpty()
                    || (anyServes
                            ? links.stream().anyMatch(link -> link.up)
                            : links.stream().allMatch(link -> link.up));
        }
    }

    private static final class Link implements RedisMetrics {

        private final Set<Link> links;
        private final RedisMetrics counted;
        private volatile boolean up;

        Link(Set<Link> links, RedisMetrics counted) {
            this.links = links;
            this.counted = counted;
        }

        @Override
        public void mayCall(Collection<String> scripts) {
            counted.mayCall(scripts);
        }

        @Override
        public void answered(String script, int calls, Outcome outcome, long nanos) {
            counted.answered(script, calls, outcome, nanos);
        }

        @Override
        public void up(boolean now) {
            up = now;
            counted.up(now);
        }

        @Override
        public void closed() {
            links.remove(this);
            counted.closed();
        }

        @Override
        public void reconnected() {
            counted.reconnected();
        }
    }
}
