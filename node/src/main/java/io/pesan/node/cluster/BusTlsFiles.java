package io.pesan.node.cluster;

import io.pesan.node.config.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the certificates of the event bus lie.
 *
 * @param certificate PEM file with this node's certificate, then those between it and the authority's
 * @param key PEM file with its private key
 * @param authority PEM file with the authority's certificates
 */
record BusTlsFiles(Path certificate, Path key, Path authority) {

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

    /**
     * Reads them.
     *
     * @throws StartFailure naming the file that can't be read
     */
    Texts read() {
        return new Texts(text(CERTIFICATE_KEY, certificate), text(KEY_KEY, key), text(AUTHORITY_KEY, authority));
    }

    String shownCertificate() {
        return CERTIFICATE_KEY + " " + certificate;
    }

    String shownKey() {
        return KEY_KEY + " " + key;
    }

    String shownAuthority() {
        return AUTHORITY_KEY + " " + authority;
    }

    private static String text(String configKey, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            String why = Files.exists(file) ? "can't be read" : "there is no such file";
            throw new StartFailure(configKey + " " + file + ": " + why, unreadable);
        }
    }
}
