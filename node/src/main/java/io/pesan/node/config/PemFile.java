package io.pesan.node.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A file of certificates or keys in PEM form.
 *
 * @param key that names it
 */
public record PemFile(String key, Path path) {

    /**
     * Reads it.
     *
     * @throws StartFailure if it can't be read
     */
    public String read() {
        try {
            return Files.readString(path);
        } catch (IOException unreadable) {
            String why = Files.exists(path) ? "can't be read" : "there is no such file";
            throw new StartFailure(this + ": " + why, unreadable);
        }
    }

    /**
     * Finds the certificates in what was read, at least one.
     *
     * @throws StartFailure if there is none
     */
    public List<X509Certificate> certificates(String pem) {
        try {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException malformed) {
            throw new StartFailure(this + ": there is no certificate (PEM) in it", malformed);
        }
        throw new StartFailure(this + ": there is no certificate (PEM) in it");
    }

    /** For messages. */
    @Override
    public String toString() {
        return key + " " + path;
    }
}
