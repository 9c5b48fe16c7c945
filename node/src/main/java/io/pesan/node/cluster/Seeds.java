package io.pesan.node.cluster;

import io.pesan.node.config.StartFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where other nodes may be found: a list, or a name whose addresses are theirs.
 *
 * @param members {@code host:port}, none without a port; an IPv6 address stands in brackets
 * @param service name that resolves to the members; empty: the list holds
 * @param servicePort port of each member that is found by the name
 */
record Seeds(List<String> members, String service, int servicePort) {

    private static final Pattern MEMBER = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\[\\]:\\s]+)(?::(\\d{1,5}))?");
    private static final int LARGEST_PORT = 65_535;

    /**
     * A place to look at.
     *
     * @param shown as the operator wrote it
     * @param address unresolved if the name means nothing here
     */
    record Place(String shown, InetSocketAddress address) {}

    /**
     * Checks what the operator wrote.
     *
     * @param ownPort what a member's port is taken to be if it is not written
     * @throws StartFailure naming the key
     */
    static Seeds of(List<String> members, String service, int ownPort) {
        return new Seeds(
                members.stream().map(member -> withPort(member, ownPort)).toList(), service, ownPort);
    }

    boolean isEmpty() {
        return members.isEmpty() && service.isEmpty();
    }

    /** The key that says where others are. */
    String key() {
        return service.isEmpty() ? "cluster.members" : "cluster.kubernetes-service";
    }

    /** Every place, names resolved now. Blocks. */
    List<Place> places() {
        List<Place> places = new ArrayList<>();
        if (!service.isEmpty()) {
            try {
                for (InetAddress address : InetAddress.getAllByName(service)) {
                    places.add(new Place(
                            address.getHostAddress() + ":" + servicePort, new InetSocketAddress(address, servicePort)));
                }
            } catch (UnknownHostException unknown) {
                places.add(new Place(service, InetSocketAddress.createUnresolved(service, servicePort)));
            }
        }
        for (String member : members) {
            int colon = member.lastIndexOf(':');
            int port = Integer.parseInt(member.substring(colon + 1));
            places.add(new Place(member, new InetSocketAddress(member.substring(0, colon), port)));
        }
        return places;
    }

    private static String withPort(String member, int ownPort) {
        Matcher parts = MEMBER.matcher(member);
        if (!parts.matches() || (parts.group(2) != null && !isPort(parts.group(2)))) {
            throw new StartFailure("cluster.members: '" + member + "' is not a host:port");
        }
        return parts.group(2) == null ? member + ":" + ownPort : member;
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port <= LARGEST_PORT;
    }
}
