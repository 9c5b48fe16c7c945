package io.pesan.node.cluster;

import io.pesan.node.config.PemFile;
import io.pesan.node.config.StartFailure;
import java.nio.file.Path;

/**
 * Where the certificates of the event bus lie.
 *
 * @param certificate this node's certificate, then those between it and the authority's
 * @param key its private key
 * @param authority the authority's certificates
 */
record BusTlsFiles(PemFile certificate, PemFile key, PemFile authority) {

    static final String CERTIFICATE_KEY = "cluster.tls.certificate-file";
    static final String KEY_KEY = "cluster.tls.key-file";
    static final String AUTHORITY_KEY = "cluster.tls.ca-file";

    /** What was in them, all read once. */
    record Texts(String certificate, String key, String authority) {

        /** Shows no secret. */
        @Override
        public String toString() {
            return "Texts";
        }
    }

    BusTlsFiles(Path certificate, Path key, Path authority) {
        this(
                new PemFile(CERTIFICATE_KEY, certificate),
                new PemFile(KEY_KEY, key),
                new PemFile(AUTHORITY_KEY, authority));
    }

    /**
     * Reads them.
     *
     * @throws StartFailure naming the file that can't be read
     */
    Texts read() {
        return new Texts(certificate.read(), key.read(), authority.read());
    }
}
