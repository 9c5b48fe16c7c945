package io.pesan.redis;

/**
 * Where one server listens.
 *
 * @param host name or address; an IPv6 address stands in brackets
 * @param port TCP
 */
record RedisAddress(String host, int port) {

    /** Of a host as Redis writes it: an IPv6 address without brackets. */
    static RedisAddress told(String host, int port) {
        return new RedisAddress(host.indexOf(':') >= 0 && host.charAt(0) != '[' ? "[" + host + "]" : host, port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
