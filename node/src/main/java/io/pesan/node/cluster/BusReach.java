package io.pesan.node.cluster;

import com.hazelcast.cluster.Member;
import io.pesan.contract.bus.proto.Presence;
import io.pesan.node.cluster.Hearing.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an operator which nodes are in the cluster but can't be reached on the event bus, and why: once a minute for each, as
 * long as it lasts, and when it is over. A membership that forms says nothing of the bus, which has ports and certificates of
 * its own, and who fails to connect there is silent. A thread of its own looks: finding out why blocks.
 */
public final class BusReach implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BusReach.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long REPEAT_NANOS = Duration.ofMinutes(1).toNanos();

    private final Supplier<Map<String, Member>> members;
    private final BusProbe probe;
    private final Hearing hearing;
    private final Watch watch = new Watch("bus-reach", PAUSE, PAUSE);
    /** When a node was warned of last: those that are members. */
    private final Map<String, Long> warnedNanos = new HashMap<>();
    /** Those that were said to be cut off, and not yet to be back. */
    private final Set<String> told = new HashSet<>();

    private volatile int unreachable;

    private BusReach(String ownId, Supplier<Map<String, Member>> members, BusProbe probe) {
        this.members = members;
        this.probe = probe;
        this.hearing = new Hearing(ownId, System.nanoTime());
    }

    /** @param members the other nodes by their names */
    static BusReach watch(String ownId, Supplier<Map<String, Member>> members, BusProbe probe) {
        BusReach reach = new BusReach(ownId, members, probe);
        reach.watch.begin(reach::look);
        return reach;
    }

    /** What nodes show on the bus. On any thread; does not block. */
    public void see(Presence presence) {
        hearing.see(presence, System.nanoTime());
    }

    /** How many nodes of the cluster are cut off from this one now. */
    public int unreachable() {
        return watch.isClosed() ? 0 : unreachable;
    }

    @Override
    public void close() {
        watch.close();
    }

    private void look() throws InterruptedException {
        Map<String, Member> now = members.get();
        Map<String, Fault> cutOff = hearing.look(now.keySet(), System.nanoTime());
        unreachable = cutOff.size();
        warnedNanos.keySet().retainAll(now.keySet());
        told.retainAll(now.keySet());
        tellOfThoseThatAreBack(cutOff.keySet());
        for (Map.Entry<String, Fault> one : cutOff.entrySet()) {
            Member member = now.get(one.getKey());
            if (member != null && isDue(one.getKey())) {
                warn(one.getKey(), member, one.getValue());
            }
        }
    }

    private boolean isDue(String node) {
        Long warned = warnedNanos.get(node);
        return warned == null || System.nanoTime() - warned >= REPEAT_NANOS;
    }

    private void warn(String node, Member member, Fault fault) throws InterruptedException {
        BusProbe.Finding finding = probe.find(member, fault);
        if (watch.isClosed()) {
            return;
        }
        warnedNanos.put(node, System.nanoTime());
        told.add(node);
        LOG.atWarn()
                .addKeyValue("node", node)
                .addKeyValue("address", finding.address())
                .addKeyValue("reason", finding.reason())
                .log(
                        fault == Fault.NOT_HEARD
                                ? "a node of the cluster is not heard on the event bus"
                                : "a node of the cluster does not hear this one on the event bus");
    }

    private void tellOfThoseThatAreBack(Set<String> cutOff) {
        for (String node : Set.copyOf(told)) {
            if (!cutOff.contains(node)) {
                told.remove(node);
                LOG.atInfo().addKeyValue("node", node).log("a node of the cluster is reached on the event bus again");
            }
        }
    }
}
