package io.pesan.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may connect to which port: all that is open is ruled, and all rules are of something that is open. */
class NetworkPoliciesIT {

    @BeforeAll
    static void needsKubectl() {
        Assumptions.assumeTrue(Overlay.canBeRendered(), "kubectl is not on this machine");
    }

    static Stream<Overlay> overlays() {
        return ManifestsIT.overlays();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void everyPortIsForThoseWhoNeedItAlone(Overlay overlay) {
        List<Workload> all = overlay.documents().workloads();
        for (Workload workload : all) {
            for (ContainerPort port : workload.ports()) {
                List<String> expected = switch (port.getName()) {
                    case "chat" -> List.of("everybody");
                    case "cluster", "bus" -> names(all.stream().filter(Workload::isNode));
                    case "management" -> List.of("labelled pods", "labelled namespaces");
                    case "redis", "sentinel" ->
                        names(all.stream()
                                .filter(other -> other.labels().containsKey("pesan.io/redis-client")
                                        || (other.equals(workload)
                                                && workload.ports().size() > 1)));
                    default -> throw new IllegalArgumentException(port.getName() + " is for nobody");
                };
                assertThat(admitted(overlay, workload, port))
                        .as(workload.name() + " " + port.getName())
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void everyPodIsRuledAndEveryRuleIsOfAPort(Overlay overlay) {
        for (Workload workload : overlay.documents().workloads()) {
            assertThat(overlay.documents().of(NetworkPolicy.class))
                    .as("a policy without rules refuses " + workload.name() + " everything")
                    .anyMatch(policy -> workload.isChosenBy(policy.getSpec().getPodSelector())
                            && policy.getSpec().getIngress().isEmpty());
        }
        for (NetworkPolicy policy : overlay.documents().of(NetworkPolicy.class)) {
            List<Workload> chosen = overlay.documents().workloads().stream()
                    .filter(workload -> workload.isChosenBy(policy.getSpec().getPodSelector()))
                    .toList();
            assertThat(chosen).as(policy.getMetadata().getName()).isNotEmpty();
            for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
                for (NetworkPolicyPort port : rule.getPorts()) {
                    assertThat(chosen)
                            .as(policy.getMetadata().getName())
                            .allMatch(workload -> workload.port(port.getPort()).isPresent());
                }
            }
        }
    }

    /** Who is let in, by workload. */
    private static List<String> admitted(Overlay overlay, Workload to, ContainerPort port) {
        List<String> admitted = new ArrayList<>();
        for (NetworkPolicy policy : overlay.documents().of(NetworkPolicy.class)) {
            if (to.isChosenBy(policy.getSpec().getPodSelector())) {
                for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
                    if (rule.getPorts().stream()
                            .anyMatch(open -> to.port(open.getPort()).orElse(0) == port.getContainerPort())) {
                        admitted.addAll(peers(overlay, rule));
                    }
                }
            }
        }
        return admitted;
    }

    private static List<String> peers(Overlay overlay, NetworkPolicyIngressRule rule) {
        if (rule.getFrom().isEmpty()) {
            return List.of("everybody");
        }
        List<String> peers = new ArrayList<>();
        for (NetworkPolicyPeer peer : rule.getFrom()) {
            if (peer.getNamespaceSelector() != null) {
                assertThat(peer.getNamespaceSelector().getMatchLabels()).isNotEmpty();
                peers.add("labelled namespaces");
            } else if (peer.getPodSelector().getMatchLabels().containsKey("pesan.io/management-client")) {
                peers.add("labelled pods");
            } else {
                List<String> chosen = names(overlay.documents().workloads().stream()
                        .filter(workload -> workload.isChosenBy(peer.getPodSelector())));
                assertThat(chosen).isNotEmpty();
                peers.addAll(chosen);
            }
        }
        return peers;
    }

    private static List<String> names(Stream<Workload> workloads) {
        return workloads.map(Workload::name).toList();
    }
}
