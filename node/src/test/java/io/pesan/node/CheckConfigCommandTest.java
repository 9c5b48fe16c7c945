package io.pesan.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no start would accept on any machine is refused before there is one. */
class CheckConfigCommandTest {

    @TempDir
    private Path folder;

    private static String check(String... settings) {
        StringWriter out = new StringWriter();
        int status = PesanMain.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(Stream.concat(
                                Stream.of("check-config"),
                                Stream.of(settings).flatMap(setting -> Stream.of("--set", setting)))
                        .toArray(String[]::new));
        return status + ": " + out.toString().strip();
    }

    private static String checkNode(String... settings) {
        return check(Stream.concat(Stream.of("cluster.enabled=true", "node.roles=gateway"), Stream.of(settings))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cluster.members=a:b:c | cluster.members: 'a:b:c' is not a host:port",
                "cluster.members=a:0   | cluster.members: 'a:0' is not a host:port",
                "cluster.host=0.0.0.0  | cluster.host: 0.0.0.0 is every address of this machine; name the one that other"
                        + " nodes reach it at",
                "cluster.host=::       | cluster.host: :: is every address of this machine; name the one that other nodes"
                        + " reach it at",
            })
    void refusesWhatKeepsANodeFromAnyCluster(String setting, String message) {
        assertThat(checkNode(setting)).isEqualTo("1: pesan: " + message);
    }

    @Test
    void refusesCertificatesThatAreNotThereOrNone() throws Exception {
        Path file = folder.resolve("pem");
        String[] tls = {
            "cluster.tls.certificate-file=" + file, "cluster.tls.key-file=" + file, "cluster.tls.ca-file=" + file
        };

        assertThat(checkNode(tls))
                .isEqualTo("1: pesan: cluster.tls.certificate-file " + file + ": there is no such file");

        Files.writeString(file, "nothing");

        assertThat(checkNode(tls))
                .isEqualTo("1: pesan: cluster.tls.certificate-file " + file + ": there is no certificate (PEM) in it");
    }

    @Test
    void refusesAnAuthorityOfRedisThatIsNotThereOrNone() throws Exception {
        Path file = folder.resolve("ca.pem");
        String[] redis = {"redis.url=rediss://redis.example:6379", "redis.ca-file=" + file};

        assertThat(check(redis)).isEqualTo("1: pesan: redis.ca-file " + file + ": there is no such file");

        Files.writeString(file, "nothing");

        assertThat(check(redis)).isEqualTo("1: pesan: redis.ca-file " + file + ": there is no certificate (PEM) in it");
    }

    @Test
    void refusesATokenThatCantBeShown() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "two words\n");

        assertThat(check("management.admin-token-file=" + file))
                .startsWith("1: pesan: management.admin-token-file " + file + " must hold one word");
    }

    /** The node may be meant for another machine. */
    @ParameterizedTest
    @ValueSource(strings = {"cluster.host=192.0.2.1", "cluster.host=no.such.invalid", "cluster.members=[::1]:5701"})
    void leavesToTheStartWhatOnlyTheNodesMachineCanTell(String setting) {
        assertThat(checkNode(setting)).startsWith("0: ").contains("\ncluster:\n");
    }

    @Test
    void looksAtNothingOfAClusterThatIsOff() {
        assertThat(check("cluster.host=0.0.0.0")).startsWith("0: ");
    }
}
