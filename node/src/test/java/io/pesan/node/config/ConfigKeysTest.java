package io.pesan.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigKeysTest {

    private static final Path SHIPPED = Path.of("../config/pesan.yaml");
    private static final Path CLUSTERING = Path.of("../docs/clustering.md");

    @Test
    void everyNameIsTakenOnceAlsoInTheEnvironment() {
        List<String> names = KeyNames.all();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(names.stream().map(ConfigKey::environmentName)).doesNotHaveDuplicates();
        assertThat(ConfigKey.environmentName("gateway.max-line-bytes")).isEqualTo("PESAN_GATEWAY_MAX_LINE_BYTES");
    }

    @Test
    void everyDefaultCanBeRead() {
        Configuration defaults = Configuration.read(new ConfigSources(null, Map.of(), List.of()), true);

        assertThat(defaults.values()).hasSameSizeAs(ConfigKeys.all());
        assertThat(defaults.warnings()).isEmpty();
    }

    /** The shipped file holds every key with its documentation and its default, all commented out. */
    @Test
    void shippedFileAgreesWithTheTable(@TempDir Path folder) throws IOException {
        String shipped = Files.readString(SHIPPED);
        assertThat(YamlSettings.read(SHIPPED)).isEmpty();

        Path uncommented = folder.resolve("pesan.yaml");
        Files.writeString(uncommented, shipped.replaceAll("(?m)^( +)#(?! )", "$1"));
        List<Setting> settings = YamlSettings.read(uncommented);

        assertThat(settings).extracting(Setting::name).containsExactlyElementsOf(names());
        for (ConfigKey<?> key : ConfigKeys.all()) {
            Setting setting = settings.stream()
                    .filter(candidate -> candidate.name().equals(key.name()))
                    .findFirst()
                    .orElseThrow();
            assertThat(setting.text()).as(key.name()).isEqualTo(key.fallback() == null ? "" : key.fallback());
            assertThat(shipped).contains("# " + key.documentation() + "\n");
        }
    }

    /** The shipped file says that 0 switches a limit off: a key that takes none must say so. */
    @Test
    void whateverCantBeSwitchedOffSaysSo() {
        for (ConfigKey<?> key : ConfigKeys.all()) {
            boolean number = key.type().expected().matches("(a whole number|a size|a duration) .*");
            if (number && !takesZero(key)) {
                assertThat(key.documentation())
                        .as(key.name())
                        .containsPattern("never unlimited|, 1 to \\d+|, at least \\d+");
            }
        }
    }

    private static boolean takesZero(ConfigKey<?> key) {
        try {
            key.type().read("0");
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    /** Whoever adds a key says there which role goes by it. */
    @Test
    void theDocumentedTableOfRolesHasEveryKey() throws IOException {
        List<String> documented = Files.readString(CLUSTERING)
                .replaceAll("(?s).*\\| who goes by them \\|\n|\n\n.*", "")
                .lines()
                .flatMap(row -> Pattern.compile("`([a-z.*-]+)`").matcher(row).results())
                .map(key -> key.group(1))
                .toList();
        assertThat(names())
                .allMatch(name -> documented.stream()
                        .anyMatch(key -> key.endsWith(".*")
                                ? name.startsWith(key.substring(0, key.length() - 1))
                                : name.equals(key)));
        assertThat(documented)
                .allMatch(key -> names().stream()
                        .anyMatch(name -> key.endsWith(".*")
                                ? name.startsWith(key.substring(0, key.length() - 1))
                                : name.equals(key)));
    }

    private static List<String> names() {
        return ConfigKeys.all().stream().map(ConfigKey::name).toList();
    }
}
