package io.pesan.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectiveConfigurationTest {

    /** What would differ from machine to machine. */
    private static final List<String> FIXED =
            List.of("node.id=here", "security.password-hash.workers=2", "logging.format=json");

    @TempDir
    private Path folder;

    @Test
    void printsEveryKeyWithItsOrigin() throws IOException {
        try (var golden = Objects.requireNonNull(
                EffectiveConfigurationTest.class.getResourceAsStream("effective-configuration.yaml"))) {
            String expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(EffectiveConfiguration.print(read(null))).isEqualTo(expected);
        }
    }

    @Test
    void whatItPrintsCanBeFedBackIn() throws IOException {
        Configuration first = read(
                null,
                "node.id=null",
                "gateway.host=::1",
                "redis.data-dir=/tmp/a \"b\\c\" # d\u00e9",
                "inbox.max-bytes=123",
                "sessions.lifetime=0",
                "cluster.members=a:1,b:2");
        Path file = Files.writeString(folder.resolve("printed.yaml"), EffectiveConfiguration.print(first));

        Configuration second = Configuration.read(new ConfigSources(file, Map.of(), List.of()), true);

        for (ConfigKey<?> key : ConfigKeys.all()) {
            assertThat((Object) second.get(key)).as(key.name()).isEqualTo(first.get(key));
        }
    }

    @Test
    void showsNoSecret() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "in-a-file");

        String direct = EffectiveConfiguration.print(
                read(null, "redis.password=in-a-key", "redis.url=redis://me:in-a-url@host:1/2"));
        String fromFile = EffectiveConfiguration.print(read(null, "redis.password-file=" + secret));

        assertThat(direct)
                .contains("password: \"********\"")
                .contains("url: \"redis://me:********@host:1/2\"")
                .doesNotContain("in-a-key")
                .doesNotContain("in-a-url");
        assertThat(fromFile).contains("password-file: \"" + secret + "\"").doesNotContain("in-a-file");
    }

    private static Configuration read(@Nullable Path file, String... assignments) {
        List<String> all = new ArrayList<>(FIXED);
        all.addAll(List.of(assignments));
        return Configuration.read(new ConfigSources(file, Map.of(), all), true);
    }
}
