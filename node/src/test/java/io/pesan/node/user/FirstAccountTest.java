package io.pesan.node.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirstAccountTest {

    private static String command(int managementPort, String... settings) {
        return FirstAccount.command(
                Configuration.read(new ConfigSources(null, Map.of(), List.of(settings)), true), managementPort);
    }

    @Test
    void leavesOutWhatTheCommandKnowsByItself() {
        assertThat(command(9889)).isEqualTo("pesan user add alice");
        assertThat(command(
                        9889,
                        "management.host=0.0.0.0",
                        "redis.data-dir=" + Path.of("data").toAbsolutePath()))
                .isEqualTo("pesan user add alice");
    }

    @Test
    void saysWhereTheNodeIsAndWhatItsTokenIs() {
        assertThat(command(9890, "management.host=::1", "redis.data-dir=/var/lib/pesan"))
                .isEqualTo("pesan user add alice --management-url http://[::1]:9890"
                        + " --token-file /var/lib/pesan/admin-token");
        assertThat(command(9889, "management.admin-token-file=/run/it's here"))
                .isEqualTo("pesan user add alice --token-file '/run/it'\\''s here'");
    }
}
