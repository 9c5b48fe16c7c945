package io.pesan.node.cluster;

import io.pesan.node.config.StartFailure;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Mutual TLS on the event bus: both ends show a certificate of the private authority, or there is no connection. What is
 * in a certificate besides does not matter: the authority's word is that its holder is a node.
 *
 * @param certificate PEM file with this node's certificate, then those between it and the authority's
 * @param key PEM file with its private key
 * @param authority PEM file with the authority's certificates
 */
record BusTls(Path certificate, Path key, Path authority) {

    private static final String CERTIFICATE_KEY = "cluster.tls.certificate-file";
    private static final String KEY_KEY = "cluster.tls.key-file";
    private static final String AUTHORITY_KEY = "cluster.tls.ca-file";
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");
    private static final Set<String> BOTH_ENDS = Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    private static final Pattern PKCS8 = Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END");
    private static final String ANY_USE = "2.5.29.37.0";

    /**
     * Reads the files and sees whether others will accept them.
     *
     * @throws StartFailure naming the file at fault
     */
    static BusTls checked(Path certificate, Path key, Path authority) {
        List<X509Certificate> chain = certificates(CERTIFICATE_KEY, certificate);
        List<X509Certificate> authorities = certificates(AUTHORITY_KEY, authority);
        String pem = text(KEY_KEY, key);
        if (!pem.contains("PRIVATE KEY-----")) {
            throw new StartFailure(KEY_KEY + " " + key + ": there is no private key (PEM) in it");
        }
        if (!PKCS8.matcher(pem).find()) {
            throw new StartFailure(KEY_KEY + " " + key
                    + ": must be an unencrypted PKCS#8 key (openssl pkcs8 -topk8 -nocrypt makes one)");
        }
        requirePair(key, certificate, chain.get(0));
        requireValidNow(certificate, chain.get(0));
        requireForBothEnds(certificate, chain.get(0));
        requireFrom(certificate, chain, authority, authorities);
        return new BusTls(certificate, key, authority);
    }

    /** Makes a bus speak it. */
    void applyTo(EventBusOptions options) {
        options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificate.toString())
                        .setKeyPath(key.toString()))
                .setTrustOptions(new PemTrustOptions().addCertPath(authority.toString()))
                .setEnabledSecureTransportProtocols(PROTOCOLS);
        // By default the bus believes anybody.
        options.setTrustAll(false).setClientAuth(ClientAuth.REQUIRED);
    }

    /** Of the one form of keys that Java reads by itself; in another form they are taken as they are. */
    private static void requirePair(Path keyFile, Path certificateFile, X509Certificate certificate) {
        Matcher pem = PKCS8.matcher(text(KEY_KEY, keyFile));
        if (!pem.find()) {
            return;
        }
        try {
            String algorithm = certificate.getPublicKey().getAlgorithm();
            PrivateKey key = KeyFactory.getInstance(algorithm)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
            Signature signature =
                    Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : "SHA256with" + algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            if (signature.verify(signed)) {
                return;
            }
        } catch (NoSuchAlgorithmException other) {
            // TLS will tell.
            return;
        } catch (GeneralSecurityException | IllegalArgumentException mismatch) {
            throw notAPair(keyFile, certificateFile, mismatch);
        }
        throw notAPair(keyFile, certificateFile, null);
    }

    private static StartFailure notAPair(Path keyFile, Path certificateFile, @Nullable Exception cause) {
        String message = KEY_KEY + " " + keyFile + ": is not the key of " + CERTIFICATE_KEY + " " + certificateFile;
        return cause == null ? new StartFailure(message) : new StartFailure(message, cause);
    }

    private static void requireValidNow(Path file, X509Certificate certificate) {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException expired) {
            throw new StartFailure(
                    CERTIFICATE_KEY + " " + file + ": expired at "
                            + certificate.getNotAfter().toInstant(),
                    expired);
        } catch (CertificateNotYetValidException early) {
            throw new StartFailure(
                    CERTIFICATE_KEY + " " + file + ": not valid before "
                            + certificate.getNotBefore().toInstant(),
                    early);
        }
    }

    private static void requireForBothEnds(Path file, X509Certificate certificate) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            if (uses != null && !uses.contains(ANY_USE) && !uses.containsAll(BOTH_ENDS)) {
                throw new StartFailure(CERTIFICATE_KEY + " " + file
                        + ": its extended key usage must name servers and clients: a node is both");
            }
        } catch (CertificateException malformed) {
            throw new StartFailure(CERTIFICATE_KEY + " " + file + ": " + malformed.getMessage(), malformed);
        }
    }

    private static void requireFrom(
            Path file, List<X509Certificate> chain, Path authority, List<X509Certificate> authorities) {
        try {
            PKIXParameters parameters = new PKIXParameters(authorities.stream()
                    .map(anchor -> new TrustAnchor(anchor, null))
                    .collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            // The authority's own certificate may end the chain; the path must end before it.
            List<X509Certificate> path = new ArrayList<>(chain);
            path.removeAll(authorities);
            CertPath whole = CertificateFactory.getInstance("X.509").generateCertPath(path);
            CertPathValidator.getInstance("PKIX").validate(whole, parameters);
        } catch (CertPathValidatorException stranger) {
            throw new StartFailure(
                    CERTIFICATE_KEY + " " + file + ": is not from the authority of " + AUTHORITY_KEY + " " + authority
                            + ": " + stranger.getMessage(),
                    stranger);
        } catch (GeneralSecurityException unusable) {
            throw new StartFailure(AUTHORITY_KEY + " " + authority + ": " + unusable.getMessage(), unusable);
        }
    }

    private static List<X509Certificate> certificates(String configKey, Path file) {
        String pem = text(configKey, file);
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
            throw new StartFailure(configKey + " " + file + ": there is no certificate (PEM) in it", malformed);
        }
        throw new StartFailure(configKey + " " + file + ": there is no certificate (PEM) in it");
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
