package io.pesan.node.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Says who comes and goes. Called on a thread of Hazelcast's. */
final class MembershipLog implements MembershipListener {

    private static final Logger LOG = LoggerFactory.getLogger(MembershipLog.class);

    private final String nodeId;

    MembershipLog(String nodeId) {
        this.nodeId = nodeId;
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        say(Level.INFO, "a node joined", event);
        if (nodeId.equals(event.getMember().getAttribute(HazelcastConfig.NODE_ID))) {
            LOG.atWarn()
                    .addKeyValue("address", address(event.getMember()))
                    .log(
                            "node.id: a node of this node's name joined; it will be refused, or is this one after a split");
        }
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        say(Level.INFO, "a node left", event);
    }

    private static void say(Level level, String what, MembershipEvent event) {
        LOG.atLevel(level)
                .addKeyValue("node", event.getMember().getAttribute(HazelcastConfig.NODE_ID))
                .addKeyValue("address", address(event.getMember()))
                .addKeyValue("members", event.getMembers().size())
                .log(what);
    }

    private static String address(Member member) {
        return member.getAddress().getHost() + ":" + member.getAddress().getPort();
    }
}
