package io.pesan.system.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files that a node finds in its container, laid out below a folder of this machine. */
final class MountedFiles {

    private final Path root;
    private final List<String> mounts = new ArrayList<>();

    private MountedFiles(Path root) {
        this.root = root;
    }

    /** @throws IllegalArgumentException naming a volume, a ConfigMap, a Secret or a key that is not there */
    static MountedFiles of(Overlay overlay, Workload node, Path root) throws IOException {
        MountedFiles files = new MountedFiles(root);
        for (VolumeMount mount : node.container().getVolumeMounts()) {
            Volume volume = node.pod().getVolumes().stream()
                    .filter(candidate -> candidate.getName().equals(mount.getName()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no volume " + mount.getName()));
            files.lay(mount.getMountPath(), contents(overlay, volume));
        }
        return files;
    }

    /** A text in which the container's paths are this machine's. */
    String here(String text) {
        String result = text;
        for (String mount : mounts) {
            result = result.replace(mount, root + mount);
        }
        return result;
    }

    private void lay(String mountPath, Map<String, String> contents) throws IOException {
        if (contents.isEmpty()) {
            return;
        }
        mounts.add(mountPath);
        Path folder = Files.createDirectories(Path.of(root + mountPath));
        for (Map.Entry<String, String> file : contents.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }

    static Map<String, String> contents(Overlay overlay, Volume volume) {
        if (volume.getConfigMap() != null) {
            String name = volume.getConfigMap().getName();
            return named(overlay.documents(), ConfigMap.class, name).getData();
        } else if (volume.getSecret() == null) {
            return Map.of();
        }
        Secret secret =
                named(overlay.secrets(), Secret.class, volume.getSecret().getSecretName());
        Map<String, String> contents = new HashMap<>();
        for (KeyToPath item : volume.getSecret().getItems()) {
            String encoded = secret.getData().get(item.getKey());
            if (encoded == null) {
                throw new IllegalArgumentException(
                        "no " + item.getKey() + " in " + secret.getMetadata().getName());
            }
            contents.put(item.getPath(), new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
        }
        return contents;
    }

    static <T extends HasMetadata> T named(Documents among, Class<T> type, String name) {
        return among.of(type).stream()
                .filter(document -> document.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + type.getSimpleName() + " " + name));
    }
}
