package io.pesan.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pesan.redis.RedisConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

    @TempDir
    private Path folder;

    @Test
    void environmentOutweighsFileAndCommandLineOutweighsBoth() throws IOException {
        Path file = yaml("gateway:\n  port: 1\n  max-pipelined: 1\n  max-connections: 1\n");
        Map<String, String> environment = Map.of("PESAN_GATEWAY_PORT", "2", "PESAN_GATEWAY_MAX_PIPELINED", "2");

        Configuration configuration = read(file, environment, "gateway.port=3", "gateway.port=4");

        assertThat(configuration.get(ConfigKeys.GATEWAY_PORT)).isEqualTo(4);
        assertThat(configuration.get(ConfigKeys.GATEWAY_MAX_PIPELINED)).isEqualTo(2);
        assertThat(configuration.get(ConfigKeys.GATEWAY_MAX_CONNECTIONS)).isEqualTo(1);
    }

    @Test
    void readsListsNestedAndDottedKeysAndEmptySections() throws IOException {
        Path file = yaml("""
                node.id: a
                gateway:
                  tls:
                  proxy-protocol-from: [10.0.0.0/8, 192.168.0.0/16]
                """);

        Configuration configuration = read(file, Map.of());

        assertThat(configuration.get(ConfigKeys.NODE_ID)).isEqualTo("a");
        assertThat(configuration.get(ConfigKeys.GATEWAY_PROXY_PROTOCOL_FROM))
                .containsExactly("10.0.0.0/8", "192.168.0.0/16");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway.prot=1 | --set: gateway.prot is not a key; did you mean gateway.port?",
                "something=1 | --set: something is not a key",
                "gateway.port=65536 | --set: gateway.port must be a port from 0 (any free one) to 65535, not '65536'",
                "accounts.demo=maybe | --set: accounts.demo must be true or false, not 'maybe'",
                "security.password-hash.iterations=101 | --set: security.password-hash.iterations must be",
                "redis.url=http://localhost | redis.url must begin with redis:// or rediss:// (--set)",
                "nonsense | --set must be followed by KEY=VALUE",
            })
    void namesTheKeyOfAMistakeOnTheCommandLine(String assignment, String message) {
        assertRefused(message, null, Map.of(), assignment);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway:\\n  prot: 1 | :2: gateway.prot is not a key; did you mean gateway.port?",
                "gateway:\\n  port: many | :2: gateway.port must be a port",
                "gateway: [1 | :1: not YAML",
                "gateway:\\n  port: 1\\n  port: 2 | :3: gateway.port is set a second time, first at",
                "gateway.port: 1\\ngateway:\\n  port: 2 | :3: gateway.port is set a second time, first at",
                "- gateway | must be a mapping of keys to values",
                "node:\\n  roles: [[gateway]] | :2: node.roles must be a list of plain values",
            })
    void namesTheLineOfAMistakeInTheFile(String text, String message) throws IOException {
        assertRefused(message, yaml(text.replace("\\n", "\n")), Map.of());
    }

    @Test
    void namesTheKeyOfARuleThatSpansSeveral() {
        assertRefused(
                "security.password-hash.memory-kib must be between 32 and 1048576, is 8 (--set)",
                null,
                Map.of(),
                "security.password-hash.memory-kib=8",
                "security.password-hash.parallelism=4");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertRefused("nowhere.yaml: no such file", folder.resolve("nowhere.yaml"), Map.of());
    }

    @Test
    void namesTheVariableOfAMistakeInTheEnvironment() {
        assertRefused(
                "environment variable PESAN_GATEWAY_PROT is no key's; did you mean PESAN_GATEWAY_PORT?",
                null,
                Map.of("PESAN_GATEWAY_PROT", "1"));
        assertRefused("PESAN_GATEWAY_PORT: gateway.port must be", null, Map.of("PESAN_GATEWAY_PORT", "x"));
    }

    @Test
    void takesNoNoticeOfWhatKubernetesSaysAboutServices() {
        Configuration configuration = read(
                null,
                Map.of(
                        "PESAN_SERVICE_HOST", "10.0.0.1",
                        "PESAN_SERVICE_PORT_CHAT", "8889",
                        "PESAN_PORT", "tcp://10.0.0.1:8889",
                        "PESAN_PORT_8889_TCP_ADDR", "10.0.0.1",
                        "PESAN_GATEWAY_PORT", "tcp://10.0.0.2:8889"));

        assertThat(configuration.get(ConfigKeys.GATEWAY_PORT)).isEqualTo(8889);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway.tls.port=8890",
            })
    void refusesWhatWouldBeUnsafeToIgnore(String assignment) {
        assertRefused("is still to come, and running without it would be unsafe", null, Map.of(), assignment);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node.roles=gateway | a node that does only gateway needs others that do the rest: set cluster.enabled, and start each by itself",
                "cluster.enabled=true | --set: cluster.enabled: nodes of a cluster share one Redis: name it in redis.url",
                "cluster.enabled=true node.roles=gateway cluster.members=a cluster.kubernetes-service=b"
                        + " | cluster.kubernetes-service: cluster.members is set as well",
                "cluster.enabled=true node.roles=gateway cluster.tls.key-file=a"
                        + " | cluster.tls.certificate-file is not set: mutual TLS needs all of",
            })
    void namesTheKeyThatKeepsANodeFromAnyCluster(String assignments, String message) {
        assertRefused(message, null, Map.of(), assignments.split(" "));
    }

    @Test
    void aGatewayByItselfNeedsNoRedis() {
        Configuration gateway = read(null, Map.of(), "cluster.enabled=true", "node.roles=gateway");

        assertThat(gateway.usesRedis()).isFalse();
        assertThat(gateway.isRedisEmbedded()).isFalse();
        assertThat(gateway.get(ConfigKeys.ACCOUNTS_DEMO)).isFalse();
    }

    @Test
    void warnsOfABusThatStrangersCanReach() {
        String[] open = {"cluster.enabled=true", "node.roles=gateway", "cluster.host=192.0.2.1"};

        assertThat(read(null, Map.of(), open).warnings())
                .singleElement()
                .asString()
                .startsWith("cluster.tls is not set, and cluster.host (192.0.2.1) is not loopback");
        assertThat(read(null, Map.of(), "cluster.enabled=true", "node.roles=gateway")
                        .warnings())
                .isEmpty();
        assertThat(read(null, Map.of(), "cluster.tls.ca-file=a").warnings())
                .containsExactly("cluster.tls has no effect: cluster.enabled is false");
    }

    @Test
    void refusesToBelieveJustAnybodysProxyHeaders() {
        assertRefused("gateway.proxy-protocol-from is empty", null, Map.of(), "gateway.proxy-protocol=true");
        assertRefused(
                "gateway.proxy-protocol-from must be networks",
                null,
                Map.of(),
                "gateway.proxy-protocol=true",
                "gateway.proxy-protocol-from=example.org");
    }

    @Test
    void warnsOncePerKeyOfWhatIsStillToCome() {
        Configuration configuration = read(
                null,
                Map.of(),
                "limits.commands-per-second=7",
                "limits.burst=0",
                "gateway.max-connections-per-address=5");

        assertThat(configuration.warnings())
                .hasSize(2)
                .anyMatch(warning -> warning.startsWith("gateway.max-connections-per-address (--set) has no effect"))
                .anyMatch(warning -> warning.startsWith("limits.commands-per-second (--set) has no effect"));
    }

    @Test
    void warnsOfProxiesThatNobodyAsksFor() {
        assertThat(read(null, Map.of(), "gateway.proxy-protocol-from=10.0.0.0/8")
                        .warnings())
                .singleElement()
                .asString()
                .startsWith("gateway.proxy-protocol-from has no effect");
    }

    @Test
    void demonstrationAccountsComeWithTheEmbeddedRedisAlone() {
        assertThat(read(null, Map.of()).get(ConfigKeys.ACCOUNTS_DEMO)).isTrue();
        assertThat(read(null, Map.of(), "redis.url=redis://localhost").get(ConfigKeys.ACCOUNTS_DEMO))
                .isFalse();

        Configuration explicit = read(null, Map.of(), "redis.url=redis://localhost", "accounts.demo=true");
        assertThat(explicit.get(ConfigKeys.ACCOUNTS_DEMO)).isTrue();
        assertThat(explicit.warnings()).singleElement().asString().startsWith("accounts.demo is on");
    }

    @Test
    void warnsOfDemonstrationAccountsThatOthersCanReach() {
        assertThat(read(null, Map.of(), "gateway.host=0.0.0.0").warnings())
                .containsExactly(
                        "accounts.demo is on, and gateway.host (0.0.0.0) is not loopback: anybody can log in as"
                                + " messi, henderson or lineker");
        assertThat(read(null, Map.of(), "gateway.host=0.0.0.0", "accounts.demo=false")
                        .warnings())
                .isEmpty();
        assertThat(read(null, Map.of(), "gateway.host=0.0.0.0", "redis.url=redis://localhost")
                        .warnings())
                .isEmpty();
        assertThat(read(null, Map.of(), "gateway.host=localhost").warnings()).isEmpty();
        assertThat(read(null, Map.of(), "gateway.host=::1").warnings()).isEmpty();
    }

    @Test
    void readsASecretFromItsFile() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "hidden\n");
        String twin = "redis.password-file=" + secret;

        assertThat(read(null, Map.of(), twin).get(ConfigKeys.REDIS_PASSWORD)).isEqualTo("hidden");
        assertThat(read(null, Map.of("PESAN_REDIS_PASSWORD", "weaker"), twin).get(ConfigKeys.REDIS_PASSWORD))
                .isEqualTo("hidden");
        assertThat(read(null, Map.of("PESAN_REDIS_PASSWORD_FILE", "/nowhere"), "redis.password=stronger")
                        .get(ConfigKeys.REDIS_PASSWORD))
                .isEqualTo("stronger");
        assertRefused("redis.password-file and redis.password are both set", null, Map.of(), twin, "redis.password=x");
        assertRefused("redis.password-file: can't read", null, Map.of(), "redis.password-file=/nowhere");
    }

    @Test
    void givesTheVerticlesWhatIsConfigured() {
        Configuration configuration = read(
                null,
                Map.of(),
                "redis.url=redis://me@cache:7000/1",
                "redis.password=hidden",
                "gateway.max-connections=5",
                "security.auth-errors=uniform");

        assertThat(VerticleConfigs.redis(configuration))
                .isEqualTo(new RedisConfig("redis://me@cache:7000/1", "hidden", null));
        assertThat(VerticleConfigs.gateway(configuration, 1, 2).limits().maxConnections())
                .isEqualTo(3);
        assertThat(VerticleConfigs.session(configuration).uniformErrors()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis.mode=cluster | redis.mode is cluster, but redis.url is empty: name the servers there (--set)",
                "redis.durability=replicated | redis.durability is replicated, but redis.url is empty: the embedded",
                "redis.url=redis://a,b redis.mode=sentinel | redis.sentinel-master is not set: with redis.mode=sentinel",
                "redis.url=redis://a redis.sentinel-master=m | redis.sentinel-master is for redis.mode=sentinel alone",
                "redis.url=redis://a,b | redis.url names no host",
                "redis.url=redis://a:99999 | redis.url: ports are 1 to 65535, not 99999",
                "gateway.port=9889 | default: management.port is 9889, and so is gateway.port",
                "gateway.port=1000 cluster.enabled=true redis.url=redis://a cluster.bus-port=1000 gateway.host=0.0.0.0"
                        + " | --set: cluster.bus-port is 1000, and so is gateway.port",
                "gateway.port=١٢٣ | --set: gateway.port must be a port",
                "gateway.proxy-protocol-from=300.0.0.0/8 | gateway.proxy-protocol-from must be networks",
                "redis.url=redis://a/1 redis.mode=cluster | redis.url names a database",
                "redis.min-replicas=0 | redis.min-replicas must be a whole number from 1 to 100",
            })
    void namesTheKeyThatKeepsANodeFromRedis(String assignments, String message) {
        assertRefused(message, null, Map.of(), assignments.split(" "));
    }

    @Test
    void givesTheVerticlesTheTopologyOfRedis() {
        Configuration configuration = read(
                null,
                Map.of(),
                "redis.url=redis://s1,s2:26380",
                "redis.mode=sentinel",
                "redis.sentinel-master=chat",
                "redis.sentinel-password=hidden",
                "redis.durability=replicated",
                "redis.min-replicas=2");

        assertThat(configuration.warnings()).isEmpty();
        assertThat(VerticleConfigs.redis(configuration))
                .isEqualTo(new RedisConfig(
                        "redis://s1,s2:26380",
                        null,
                        null,
                        new RedisConfig.Topology(RedisConfig.Mode.SENTINEL, "chat", "hidden"),
                        2));
        assertThat(VerticleConfigs.redis(configuration).toString()).doesNotContain("hidden");
    }

    private void assertRefused(
            String message, @Nullable Path file, Map<String, String> environment, String... assignments) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> read(file, environment, assignments))
                .satisfies(failure -> assertThat(failure.getMessage())
                        .contains(message.strip())
                        .doesNotContain("\n"));
    }

    private static Configuration read(@Nullable Path file, Map<String, String> environment, String... assignments) {
        return Configuration.read(new ConfigSources(file, environment, List.of(assignments)), true);
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(folder.resolve("pesan.yaml"), text);
    }
}
