package io.pesan.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that an overlay names is there, and what is chosen by labels is what is meant. */
class ManifestsIT {

    @BeforeAll
    static void needsKubectl() {
        Assumptions.assumeTrue(Overlay.canBeRendered(), "kubectl is not on this machine");
    }

    static Stream<Overlay> overlays() {
        return Overlay.canBeRendered() ? Overlay.all().stream() : Stream.empty();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void everyWorkloadChoosesItsOwnPodsAlone(Overlay overlay) {
        assertThat(overlay.documents().nodes()).isNotEmpty();
        for (Workload workload : overlay.documents().workloads()) {
            assertThat(chosenBy(overlay, workload.selector().getMatchLabels())).containsExactly(workload);
        }
        // All in the namespace of the secrets.
        assertThat(overlay.documents().all())
                .filteredOn(document -> !document.getKind().equals("Namespace"))
                .allMatch(document -> "pesan".equals(document.getMetadata().getNamespace()));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void servicesLeadToPortsThatAreThere(Overlay overlay) {
        for (Service service : overlay.documents().of(Service.class)) {
            List<Workload> chosen = chosenBy(overlay, service.getSpec().getSelector());
            assertThat(chosen).as(service.getMetadata().getName()).isNotEmpty();
            for (ServicePort port : service.getSpec().getPorts()) {
                for (Workload workload : chosen) {
                    assertThat(workload.port(port.getTargetPort()))
                            .as(service.getMetadata().getName() + " to " + workload.name())
                            .hasValue(port.getPort());
                }
            }
        }
        for (StatefulSet set : overlay.documents().of(StatefulSet.class)) {
            Service service = MountedFiles.named(
                    overlay.documents(), Service.class, set.getSpec().getServiceName());
            assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void budgetsAndScalersAreOfSomething(Overlay overlay) {
        List<Workload> withBudget = overlay.documents().of(PodDisruptionBudget.class).stream()
                .flatMap(budget -> {
                    List<Workload> chosen =
                            chosenBy(overlay, budget.getSpec().getSelector().getMatchLabels());
                    assertThat(chosen).hasSize(1);
                    assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
                    return chosen.stream();
                })
                .toList();
        assertThat(withBudget)
                .doesNotHaveDuplicates()
                .containsAll(overlay.documents().nodes());
        for (HorizontalPodAutoscaler scaler : overlay.documents().of(HorizontalPodAutoscaler.class)) {
            Deployment scaled = MountedFiles.named(
                    overlay.documents(),
                    Deployment.class,
                    scaler.getSpec().getScaleTargetRef().getName());
            // Each time that the overlay is applied the two would contradict each other.
            assertThat(scaled.getSpec().getReplicas()).isNull();
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void whatPodsReferToIsThere(Overlay overlay) {
        for (Workload workload : overlay.documents().workloads()) {
            String account = workload.pod().getServiceAccountName();
            if (account != null) {
                assertThat(overlay.documents().has(ServiceAccount.class, account))
                        .isTrue();
            }
            Set<String> mounted = new HashSet<>();
            for (Container container : workload.containers()) {
                container.getVolumeMounts().stream().map(VolumeMount::getName).forEach(mounted::add);
                for (EnvFromSource source : container.getEnvFrom()) {
                    MountedFiles.named(
                            overlay.documents(),
                            ConfigMap.class,
                            source.getConfigMapRef().getName());
                }
                probes(container)
                        .filter(probe -> probe.getExec() == null)
                        .forEach(probe -> assertThat(workload.port(
                                        probe.getHttpGet() == null
                                                ? probe.getTcpSocket().getPort()
                                                : probe.getHttpGet().getPort()))
                                .isPresent());
            }
            // Throws where a ConfigMap, a Secret or a key of it is missing.
            workload.pod().getVolumes().forEach(volume -> MountedFiles.contents(overlay, volume));
            Set<String> volumes = new HashSet<>();
            workload.pod().getVolumes().stream().map(Volume::getName).forEach(volumes::add);
            overlay.documents().of(StatefulSet.class).stream()
                    .filter(set -> set.getMetadata().getName().equals(workload.name()))
                    .flatMap(set -> set.getSpec().getVolumeClaimTemplates().stream())
                    .forEach(claim -> volumes.add(claim.getMetadata().getName()));
            assertThat(mounted).as(workload.name()).isEqualTo(volumes);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void podsMayDoWhatTheyNeedAndNoMore(Overlay overlay) {
        for (Workload workload : overlay.documents().workloads()) {
            assertThat(workload.pod().getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(workload.pod().getSecurityContext().getSeccompProfile().getType())
                    .isEqualTo("RuntimeDefault");
            assertThat(workload.pod().getAutomountServiceAccountToken()).isFalse();
            for (Container container : workload.containers()) {
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                        .isTrue();
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                assertThat(container.getResources().getRequests()).containsOnlyKeys("cpu", "memory");
                assertThat(container.getResources().getLimits())
                        .containsOnlyKeys("cpu", "memory")
                        .containsEntry(
                                "memory", container.getResources().getRequests().get("memory"));
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void nodesGiveWayOneByOne(Overlay overlay) {
        for (Deployment nodes : overlay.documents().of(Deployment.class)) {
            assertThat(nodes.getSpec()
                            .getStrategy()
                            .getRollingUpdate()
                            .getMaxSurge()
                            .getIntVal())
                    .isEqualTo(1);
            assertThat(nodes.getSpec()
                            .getStrategy()
                            .getRollingUpdate()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isZero();
        }
    }

    /** A primary goes by hand, once another has taken over, and a replica that has not caught up is none to rely on. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("overlays")
    void serversThatReplicateAreReplacedByHandAndReadyOnceTheyHaveCaughtUp(Overlay overlay) {
        List<StatefulSet> replicated = overlay.documents().of(StatefulSet.class).stream()
                .filter(set -> set.getSpec().getReplicas() > 1)
                .toList();
        assertThat(replicated).hasSize(overlay.name().equals("sentinel") ? 1 : 0);
        for (StatefulSet set : replicated) {
            assertThat(set.getSpec().getUpdateStrategy().getType()).isEqualTo("OnDelete");
            Probe ready =
                    set.getSpec().getTemplate().getSpec().getContainers().get(0).getReadinessProbe();
            assertThat(ready.getExec().getCommand())
                    .last(InstanceOfAssertFactories.STRING)
                    .contains("info replication", "role:master", "master_link_status:up", "master_sync_in_progress:0");
        }
    }

    private static Stream<Probe> probes(Container container) {
        return Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                .filter(probe -> probe != null);
    }

    private static List<Workload> chosenBy(Overlay overlay, Map<String, String> labels) {
        return overlay.documents().workloads().stream()
                .filter(workload -> workload.isChosenBy(labels))
                .toList();
    }
}
