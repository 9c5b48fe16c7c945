package io.pesan.node.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What hosts that listeners are bound to mean to those who connect. */
public final class Hosts {

    private Hosts() {}

    /** A host that reaches, from its own machine, what listens on this one. */
    public static String reachable(String host) {
        return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    }

    /** A host as it stands before a port: an IPv6 address in brackets. */
    public static String inUrl(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** Whether only this machine reaches it. Of what does not resolve nobody knows. */
    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
