package io.pesan.system.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Documents of Kubernetes, each read into its own type; a field that the type doesn't have is an error. */
record Documents(List<HasMetadata> all) {

    private static final Map<String, Class<? extends HasMetadata>> TYPES = Map.ofEntries(
            Map.entry("v1/ConfigMap", ConfigMap.class),
            Map.entry("v1/Namespace", Namespace.class),
            Map.entry("v1/Secret", Secret.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("apps/v1/Deployment", Deployment.class),
            Map.entry("apps/v1/StatefulSet", StatefulSet.class),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class));

    /** The types keep what they don't know; here they are not to. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                    return false;
                }

                @Override
                public boolean hasIgnoreMarker(AnnotatedMember member) {
                    return member.getName().endsWith("dditionalProperties")
                            || member.getName().endsWith("dditionalProperty")
                            || super.hasIgnoreMarker(member);
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** @throws IllegalArgumentException naming the document and what is wrong with it */
    static Documents read(String yaml) {
        List<HasMetadata> all = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
            Map<?, ?> fields = (Map<?, ?>) document;
            String type = fields.get("apiVersion") + "/" + fields.get("kind");
            Class<? extends HasMetadata> known = TYPES.get(type);
            if (known == null) {
                throw new IllegalArgumentException("nothing is known here about " + type);
            }
            try {
                all.add(STRICT.convertValue(fields, known));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(
                        type + " " + fields.get("metadata") + ": " + wrong.getMessage(), wrong);
            }
        }
        return new Documents(List.copyOf(all));
    }

    <T extends HasMetadata> List<T> of(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    boolean has(Class<? extends HasMetadata> type, String name) {
        return of(type).stream()
                .anyMatch(document -> document.getMetadata().getName().equals(name));
    }

    /** What runs: every Deployment's and StatefulSet's pods. */
    List<Workload> workloads() {
        List<Workload> workloads = new ArrayList<>();
        of(Deployment.class)
                .forEach(found -> workloads.add(new Workload(
                        found.getMetadata().getName(),
                        found.getSpec().getSelector(),
                        found.getSpec().getTemplate())));
        of(StatefulSet.class)
                .forEach(found -> workloads.add(new Workload(
                        found.getMetadata().getName(),
                        found.getSpec().getSelector(),
                        found.getSpec().getTemplate())));
        return workloads;
    }

    List<Workload> nodes() {
        return workloads().stream().filter(Workload::isNode).toList();
    }
}
