package io.pesan.system.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Pods of one kind. */
record Workload(String name, LabelSelector selector, PodTemplateSpec template) {

    PodSpec pod() {
        return template.getSpec();
    }

    Map<String, String> labels() {
        return template.getMetadata().getLabels();
    }

    boolean isNode() {
        return pod().getContainers().get(0).getName().equals("pesan");
    }

    /** The node's, or the server's. */
    Container container() {
        return pod().getContainers().get(0);
    }

    List<Container> containers() {
        return Stream.concat(pod().getInitContainers().stream(), pod().getContainers().stream())
                .toList();
    }

    List<ContainerPort> ports() {
        return pod().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .toList();
    }

    boolean isChosenBy(LabelSelector selector) {
        if (!selector.getMatchExpressions().isEmpty()) {
            throw new IllegalArgumentException("matchExpressions are not understood here");
        }
        return isChosenBy(selector.getMatchLabels());
    }

    /** No labels choose everything. */
    boolean isChosenBy(Map<String, String> wanted) {
        return wanted == null || labels().entrySet().containsAll(wanted.entrySet());
    }

    /** The port's number, if these pods have it, by number or by name. */
    OptionalInt port(IntOrString wanted) {
        return ports().stream()
                .filter(port -> port.getName().equals(wanted.getStrVal())
                        || port.getContainerPort().equals(wanted.getIntVal()))
                .mapToInt(ContainerPort::getContainerPort)
                .findFirst();
    }

    /** What an environment variable says, or is taken from. */
    static String value(EnvVar variable) {
        return variable.getValueFrom() == null
                ? variable.getValue()
                : variable.getValueFrom().getFieldRef().getFieldPath();
    }
}
