package io.pesan.node.cluster;

import io.pesan.node.config.StartFailure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
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
import java.time.Instant;
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
 * @param files where it was read
 * @param texts what was read there
 * @param own this node's certificate
 */
record BusTls(BusTlsFiles files, BusTlsFiles.Texts texts, X509Certificate own) {

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");
    private static final Set<String> BOTH_ENDS = Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    private static final Pattern PKCS8 = Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END");
    private static final String ANY_USE = "2.5.29.37.0";

    /**
     * Reads the files and sees whether others will accept them.
     *
     * @throws StartFailure naming the file at fault
     */
    static BusTls checked(BusTlsFiles files) {
        return checked(files, files.read());
    }

    /**
     * Sees whether others will accept what was read.
     *
     * @throws StartFailure naming the file at fault
     */
    static BusTls checked(BusTlsFiles files, BusTlsFiles.Texts texts) {
        List<X509Certificate> chain = files.certificate().certificates(texts.certificate());
        List<X509Certificate> authorities = files.authority().certificates(texts.authority());
        if (!texts.key().contains("PRIVATE KEY-----")) {
            throw new StartFailure(files.key() + ": there is no private key (PEM) in it");
        }
        Matcher key = PKCS8.matcher(texts.key());
        if (!key.find()) {
            throw new StartFailure(
                    files.key() + ": must be an unencrypted PKCS#8 key (openssl pkcs8 -topk8 -nocrypt makes one)");
        }
        X509Certificate own = chain.get(0);
        requirePair(files, key.group(1), own);
        requireValidNow(files, own);
        requireForBothEnds(files, own);
        requireFrom(files, chain, authorities);
        return new BusTls(files, texts, own);
    }

    /** Makes a bus speak it from its start. */
    void applyTo(EventBusOptions options) {
        options.setSsl(true)
                .setKeyCertOptions(keyCert())
                .setTrustOptions(trust())
                .setEnabledSecureTransportProtocols(PROTOCOLS);
        // By default the bus believes anybody.
        options.setTrustAll(false).setClientAuth(ClientAuth.REQUIRED);
    }

    /** The same for the end of a bus that other nodes connect to. */
    ServerSSLOptions forServer() {
        return new ServerSSLOptions()
                .setKeyCertOptions(keyCert())
                .setTrustOptions(trust())
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setClientAuth(ClientAuth.REQUIRED);
    }

    /** The same for the end that connects. */
    ClientSSLOptions forClient() {
        return new ClientSSLOptions()
                .setKeyCertOptions(keyCert())
                .setTrustOptions(trust())
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setTrustAll(false)
                .setHostnameVerificationAlgorithm("");
    }

    /** When other nodes will stop accepting it. */
    Instant expires() {
        return own.getNotAfter().toInstant();
    }

    String subject() {
        return own.getSubjectX500Principal().getName();
    }

    private PemKeyCertOptions keyCert() {
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(texts.certificate()))
                .setKeyValue(Buffer.buffer(texts.key()));
    }

    private PemTrustOptions trust() {
        return new PemTrustOptions().addCertValue(Buffer.buffer(texts.authority()));
    }

    private static void requirePair(BusTlsFiles files, String base64, X509Certificate certificate) {
        try {
            String algorithm = certificate.getPublicKey().getAlgorithm();
            PrivateKey key = KeyFactory.getInstance(algorithm)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
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
            throw notAPair(files, mismatch);
        }
        throw notAPair(files, null);
    }

    private static StartFailure notAPair(BusTlsFiles files, @Nullable Exception cause) {
        String message = files.key() + ": is not the key of " + files.certificate();
        return cause == null ? new StartFailure(message) : new StartFailure(message, cause);
    }

    private static void requireValidNow(BusTlsFiles files, X509Certificate certificate) {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException expired) {
            throw new StartFailure(
                    files.certificate() + ": expired at "
                            + certificate.getNotAfter().toInstant(),
                    expired);
        } catch (CertificateNotYetValidException early) {
            throw new StartFailure(
                    files.certificate() + ": not valid before "
                            + certificate.getNotBefore().toInstant(),
                    early);
        }
    }

    private static void requireForBothEnds(BusTlsFiles files, X509Certificate certificate) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            if (uses != null && !uses.contains(ANY_USE) && !uses.containsAll(BOTH_ENDS)) {
                throw new StartFailure(
                        files.certificate() + ": its extended key usage must name servers and clients: a node is both");
            }
        } catch (CertificateException malformed) {
            throw new StartFailure(files.certificate() + ": " + malformed.getMessage(), malformed);
        }
    }

    private static void requireFrom(BusTlsFiles files, List<X509Certificate> chain, List<X509Certificate> authorities) {
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
                    files.certificate() + ": is not from the authority of " + files.authority() + ": "
                            + stranger.getMessage(),
                    stranger);
        } catch (GeneralSecurityException unusable) {
            throw new StartFailure(files.authority() + ": " + unusable.getMessage(), unusable);
        }
    }
}
