package io.pesan.redis;

import io.vertx.redis.client.Request;
import io.vertx.redis.client.impl.RequestImpl;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** In which of a Redis Cluster's {@value #COUNT} slots a key lies: a CRC-16 (XMODEM) of its hash tag. */
final class KeySlot {

    static final int COUNT = 16_384;
    /** Of a request that names no key. */
    static final int NONE = -1;

    private static final int POLYNOMIAL = 0x1021;
    private static final int[] TABLE = table();

    private KeySlot() {}

    /** The slot of the request's first key, whose hash tag the others share. */
    static int of(Request request) {
        List<byte[]> keys = keys(request);
        return keys.isEmpty() ? NONE : of(keys.get(0));
    }

    static int of(String key) {
        return of(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Throws if there is none. */
    static String firstKey(Request request) {
        return new String(keys(request).get(0), StandardCharsets.UTF_8);
    }

    /** Which of a command's arguments are keys, the client knows; what it is asked through has no other face. */
    private static List<byte[]> keys(Request request) {
        return ((RequestImpl) request).keys();
    }

    private static int of(byte[] key) {
        int begin = indexOf(key, '{', 0) + 1;
        int end = begin == 0 ? -1 : indexOf(key, '}', begin);
        return end > begin ? hash(key, begin, end) : hash(key, 0, key.length);
    }

    private static int indexOf(byte[] key, char wanted, int from) {
        for (int i = from; i < key.length; i++) {
            if (key[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int hash(byte[] key, int begin, int end) {
        int crc = 0;
        for (int i = begin; i < end; i++) {
            crc = (crc << 8 & 0xFFFF) ^ TABLE[(crc >> 8 ^ key[i]) & 0xFF];
        }
        return crc % COUNT;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
            table[i] = crc & 0xFFFF;
        }
        return table;
    }
}
