package io.pesan.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An authority for certificates, by openssl. */
final class PrivateAuthority {

    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final String name;

    PrivateAuthority(Path folder, String name) throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(bin -> Files.isExecutable(Path.of(bin, "openssl"))),
                "openssl is not installed");
        this.folder = folder;
        this.name = name;
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" + name
                + " -keyout " + name + "-ca.key -out " + file());
    }

    /** Its certificate. */
    Path file() {
        return folder.resolve(name + "-ca.pem");
    }

    /** Issues {@code <holder>.pem} with {@code <holder>.key}. */
    void issue(String holder, int days, String... extensions) throws Exception {
        Path extensionFile = Files.writeString(folder.resolve(holder + ".ext"), String.join("\n", extensions));
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" + holder + " -keyout " + holder
                + ".key -out " + holder + ".csr");
        openssl("x509 -req -in " + holder + ".csr -CA " + file() + " -CAkey " + name + "-ca.key -CAcreateserial -days "
                + days + " -extfile " + extensionFile + " -out " + holder + ".pem");
    }

    /** Issues one that is valid for a day, beginning then. */
    void issue(String holder, Instant from) throws Exception {
        issue(holder, 1);
        Files.writeString(folder.resolve("index.txt"), "");
        Files.writeString(
                folder.resolve("ca.cnf"),
                "[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\nnew_certs_dir=.\nserial=serial.txt\npolicy=p\n[p]\ncommonName=supplied\n");
        openssl("ca -batch -notext -rand_serial -md sha256 -config ca.cnf -cert " + file() + " -keyfile " + name
                + "-ca.key -in " + holder + ".csr -startdate " + UTC_TIME.format(from) + " -enddate "
                + UTC_TIME.format(from.plus(Duration.ofDays(1))) + " -out " + holder + ".pem");
    }

    BusTls tls(String holder) {
        return BusTls.checked(
                new BusTlsFiles(folder.resolve(holder + ".pem"), folder.resolve(holder + ".key"), file()));
    }

    private void openssl(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Path log = folder.resolve("openssl.log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }
}
