package io.pesan.system.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.pesan.node.PesanNode;
import io.pesan.node.config.ConfigKey;
import io.pesan.node.config.ConfigKeys;
import io.pesan.node.config.ConfigSources;
import io.pesan.node.config.Configuration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configuration that a node reads in its pod, by the loader that it reads it with. */
class NodesInPodsIT {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    /** For the services, the event bus and the membership, once the gateway has drained. */
    private static final Duration REST_OF_A_STOP = Duration.ofSeconds(15);

    private static final long MIB = 1 << 20;
    private static final long CLASSES_CODE_AND_THREADS = 128 * MIB;
    private static final long KERNEL_PER_CONNECTION = 4_700;
    private static final long HEAP_PER_CONNECTION = 4_600;

    private static final List<ConfigKey<String>> FILES = List.of(
            ConfigKeys.MANAGEMENT_ADMIN_TOKEN_FILE,
            ConfigKeys.CLUSTER_TLS_CERTIFICATE_FILE,
            ConfigKeys.CLUSTER_TLS_KEY_FILE,
            ConfigKeys.CLUSTER_TLS_CA_FILE);

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsKubectl() {
        Assumptions.assumeTrue(Overlay.canBeRendered(), "kubectl is not on this machine");
    }

    static Stream<Overlay> overlays() {
        return ManifestsIT.overlays();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void theConfigurationHoldsAndSaysWhatThePodSays(Overlay overlay) throws IOException {
        for (Workload node : overlay.documents().nodes()) {
            Configuration configuration = read(overlay, node);

            assertThat(portsOf(node)).as(node.name()).isEqualTo(portsOf(configuration));
            assertThat(FILES).allMatch(file -> Files.isReadable(Path.of(configuration.get(file))));
            assertThat(configuration.warnings()).isEmpty();
            assertThat(configuration.get(ConfigKeys.ACCOUNTS_DEMO)).isFalse();
            assertThat(node.labels().containsKey("pesan.io/gateway")).isEqualTo(configuration.hasRole("gateway"));
            assertThat(node.labels().containsKey("pesan.io/redis-client")).isEqualTo(configuration.usesRedis());
            assertThat(Duration.ofSeconds(node.pod().getTerminationGracePeriodSeconds()))
                    .isGreaterThanOrEqualTo(preStop(node)
                            .plus(configuration.get(ConfigKeys.GATEWAY_DRAIN_TIMEOUT))
                            .plus(REST_OF_A_STOP));
        }
    }

    /** As docs/capacity.md has it: a node refuses connections before it is ended for its memory. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void whatANodeMayTakeIsInItsMemory(Overlay overlay) throws IOException {
        for (Workload node : overlay.documents().nodes()) {
            Configuration configuration = read(overlay, node);
            Quantity memory = node.container().getResources().getLimits().get("memory");
            long limit =
                    requireNonNull(memory, node.name()).getNumericalAmount().longValue();
            long heap = limit * option(node, "-XX:MaxRAMPercentage=(\\d+)") / 100;
            long buffers = option(node, "-XX:MaxDirectMemorySize=(\\d+)m") * MIB;
            long connections =
                    configuration.hasRole("gateway") ? configuration.get(ConfigKeys.GATEWAY_MAX_CONNECTIONS) : 0;
            assertThat(heap + buffers + CLASSES_CODE_AND_THREADS + connections * KERNEL_PER_CONNECTION)
                    .as(node.name())
                    .isLessThan(limit);
            assertThat(connections * HEAP_PER_CONNECTION).isLessThan(heap / 2);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void nodesFindEachOtherAndRedisByServicesThatAreThere(Overlay overlay) throws IOException {
        for (Workload node : overlay.documents().nodes()) {
            Configuration configuration = read(overlay, node);
            Service others = MountedFiles.named(
                    overlay.documents(), Service.class, configuration.get(ConfigKeys.CLUSTER_KUBERNETES_SERVICE));
            assertThat(others.getSpec().getClusterIP()).isEqualTo("None");
            assertThat(others.getSpec().getPublishNotReadyAddresses()).isTrue();
            assertThat(overlay.documents().nodes())
                    .allMatch(other -> other.isChosenBy(others.getSpec().getSelector()));

            String servers = configuration.get(ConfigKeys.REDIS_URL).replaceFirst("^rediss?://", "");
            for (String server : servers.isEmpty() ? new String[0] : servers.split(",", -1)) {
                String[] parts = server.split(":", -1);
                if (!parts[0].endsWith(".example.com")) {
                    Service redis = MountedFiles.named(
                            overlay.documents(), Service.class, parts[0].replaceFirst("^redis-\\d\\.", ""));
                    assertThat(redis.getSpec().getPorts())
                            .anyMatch(port -> port.getPort().equals(Integer.valueOf(parts[1])));
                }
            }
        }
    }

    @Test
    void probesAskForWhatANodeAnswers() throws Exception {
        PesanNode node = new PesanNode(Configuration.read(
                new ConfigSources(
                        null,
                        Map.of(),
                        List.of(
                                "gateway.port=0",
                                "management.port=0",
                                "redis.data-dir=" + folder,
                                "security.password-hash.memory-kib=64")),
                true));
        node.start().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        try {
            Set<String> paths = new TreeSet<>();
            for (Overlay overlay : overlays().toList()) {
                overlay.documents()
                        .nodes()
                        .forEach(pods -> Stream.of(
                                        pods.container().getStartupProbe(),
                                        pods.container().getLivenessProbe(),
                                        pods.container().getReadinessProbe())
                                .map(NodesInPodsIT::path)
                                .forEach(paths::add));
            }
            assertThat(paths).containsExactly("/health/live", "/health/ready", "/health/started");
            for (String path : paths) {
                assertThat(status(node.managementPort(), path)).as(path).isEqualTo(OK);
            }
            assertThat(status(node.managementPort(), "/health/nothing")).isEqualTo(NOT_FOUND);
        } finally {
            node.stop().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    private Configuration read(Overlay overlay, Workload node) throws IOException {
        MountedFiles files = MountedFiles.of(overlay, node, folder.resolve(node.name()));
        Map<String, String> environment = new HashMap<>();
        node.container()
                .getEnvFrom()
                .forEach(source -> environment.putAll(MountedFiles.named(
                                overlay.documents(),
                                ConfigMap.class,
                                source.getConfigMapRef().getName())
                        .getData()));
        for (EnvVar variable : node.container().getEnv()) {
            environment.put(
                    variable.getName(),
                    files.here(Workload.value(variable))
                            .replace("metadata.name", node.name() + "-abcde")
                            .replace("status.podIP", "10.1.2.3"));
        }
        List<String> arguments = node.container().getArgs();
        assertThat(arguments).startsWith("up", "--config").hasSize(3);
        Path given = Path.of(files.here(arguments.get(2)));
        Path file = Files.writeString(folder.resolve("pesan.yaml"), files.here(Files.readString(given)));
        return Configuration.read(new ConfigSources(file, environment, List.of()), false);
    }

    /** The number in one of the JVM's options. */
    private static long option(Workload node, String pattern) {
        return node.container().getEnv().stream()
                .filter(variable -> variable.getName().equals("JDK_JAVA_OPTIONS"))
                .map(variable -> Pattern.compile(pattern).matcher(Workload.value(variable)))
                .filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(node.name() + " has no " + pattern));
    }

    private static Set<Integer> portsOf(Workload node) {
        Set<Integer> ports = new TreeSet<>();
        node.ports().stream().map(ContainerPort::getContainerPort).forEach(ports::add);
        return ports;
    }

    /** Everything that a node with this configuration listens on. */
    private static Set<Integer> portsOf(Configuration configuration) {
        Set<Integer> ports = new TreeSet<>(List.of(
                configuration.get(ConfigKeys.MANAGEMENT_PORT),
                configuration.get(ConfigKeys.CLUSTER_PORT),
                configuration.get(ConfigKeys.CLUSTER_BUS_PORT)));
        if (configuration.hasRole("gateway")) {
            ports.add(configuration.get(ConfigKeys.GATEWAY_PORT));
            ports.add(configuration.get(ConfigKeys.GATEWAY_TLS_PORT));
        }
        ports.remove(0);
        return ports;
    }

    private static Duration preStop(Workload node) {
        List<String> command =
                node.container().getLifecycle().getPreStop().getExec().getCommand();
        assertThat(command).startsWith("sleep").hasSize(2);
        return Duration.ofSeconds(Long.parseLong(command.get(1)));
    }

    private static String path(Probe probe) {
        return probe.getHttpGet().getPath();
    }

    private static int status(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
