package io.pesan.node.cluster;

import io.pesan.contract.bus.ServiceNodes;
import io.pesan.contract.bus.proto.Presence;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which nodes of the cluster are cut off from this one on the event bus: the membership counts them, but they are not heard, or
 * don't hear this node. As large as the cluster. Told by an event loop, asked by another thread.
 */
final class Hearing {

    /** What is wrong between this node and another. */
    enum Fault {
        NOT_HEARD,
        DOES_NOT_HEAR
    }

    /** A node that was well may be silent for so long: it, or the network, may catch its breath. */
    private static final Duration SILENCE = Duration.ofSeconds(5);
    /** It joins the membership first, and shows itself when its services have started. */
    private static final Duration FIRST_SILENCE = Duration.ofSeconds(10);
    /** Who has not looked for so long was frozen itself, and has heard nobody meanwhile. */
    private static final Duration OWN_SILENCE = Duration.ofSeconds(3);

    private final String ownId;
    private final Map<String, Other> others = new HashMap<>();
    private long lookedNanos;

    private static final class Other {

        private long wellNanos;
        private boolean wasWell;
        private long heardNanos;
        private boolean wasHeard;
        private boolean hearsUs;
        private boolean leaving;

        Other(long nowNanos) {
            wellNanos = nowNanos;
        }

        boolean isHeard(long nowNanos) {
            return wasHeard && nowNanos - heardNanos <= ServiceNodes.FORGOTTEN_AFTER.toNanos();
        }

        boolean isCutOff(long nowNanos) {
            return !leaving && nowNanos - wellNanos > (wasWell ? SILENCE : FIRST_SILENCE).toNanos();
        }
    }

    Hearing(String ownId, long nowNanos) {
        this.ownId = ownId;
        this.lookedNanos = nowNanos;
    }

    /** A node shows itself. */
    synchronized void see(Presence presence, long nowNanos) {
        Other other = others.computeIfAbsent(presence.getNodeId(), added -> new Other(nowNanos));
        other.wasHeard = true;
        other.heardNanos = nowNanos;
        other.leaving = presence.getLeaving();
        // One of a release that doesn't tell is believed to.
        other.hearsUs = presence.getHearsCount() == 0 || presence.getHearsList().contains(ownId);
    }

    /**
     * Looks who is cut off, several times within {@link #OWN_SILENCE}.
     *
     * @param members names of the other nodes that the membership counts now; the rest is forgotten
     */
    synchronized Map<String, Fault> look(Set<String> members, long nowNanos) {
        long missed = nowNanos - lookedNanos > OWN_SILENCE.toNanos() ? nowNanos - lookedNanos : 0;
        lookedNanos = nowNanos;
        others.keySet().retainAll(members);
        Map<String, Fault> cutOff = new TreeMap<>();
        for (String member : members) {
            Other other = others.computeIfAbsent(member, added -> new Other(nowNanos));
            other.wellNanos += missed;
            boolean heard = other.isHeard(nowNanos);
            if (heard && other.hearsUs) {
                other.wellNanos = other.heardNanos;
                other.wasWell = true;
            } else if (other.isCutOff(nowNanos)) {
                cutOff.put(member, heard ? Fault.DOES_NOT_HEAR : Fault.NOT_HEARD);
            }
        }
        return cutOff;
    }
}
