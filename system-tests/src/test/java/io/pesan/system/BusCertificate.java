package io.pesan.system;

import java.nio.file.Path;
import java.util.List;

/** A certificate for the event bus that all nodes of a cluster share and that is its own authority, by openssl. */
final class BusCertificate {

    /** Longer than what is warned of. */
    private static final int DAYS = 30;

    private BusCertificate() {}

    static boolean canBeMade() {
        return Program.isInstalled("openssl");
    }

    /** Makes it in a folder. Returns the settings of a node that shows it. */
    static List<String> in(Path folder) {
        Path certificate = folder.resolve("bus.pem").toAbsolutePath();
        Path key = folder.resolve("bus.key").toAbsolutePath();
        Program.output(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=bus -days "
                        + DAYS + " -keyout " + key + " -out " + certificate)
                .split(" ", -1));
        return List.of(
                "cluster.tls.certificate-file=" + certificate,
                "cluster.tls.key-file=" + key,
                "cluster.tls.ca-file=" + certificate);
    }
}
