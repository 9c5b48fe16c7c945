package io.pesan.node.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a YAML file into settings: nested mappings become dotted names, each with the line it came from. */
final class YamlSettings {

    private static final int LARGEST_FILE = 1 << 20;

    private final Path file;
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    private YamlSettings(Path file) {
        this.file = file;
    }

    /** @throws StartFailure if the file can't be read or isn't a YAML mapping */
    static List<Setting> read(Path file) {
        YamlSettings reader = new YamlSettings(file);
        reader.compose(reader.text()).ifPresent(reader::addRoot);
        return List.copyOf(reader.settings.values());
    }

    private String text() {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new StartFailure("--config " + file + ": larger than " + LARGEST_FILE + " bytes");
            }
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new StartFailure("--config " + file + ": no such file", missing);
        } catch (CharacterCodingException binary) {
            throw new StartFailure("--config " + file + ": not UTF-8 text", binary);
        } catch (IOException unreadable) {
            throw new StartFailure("--config " + file + ": can't be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private Optional<Node> compose(String text) {
        try {
            LoadSettings rules = LoadSettings.builder()
                    .setLabel(file.toString())
                    .setAllowDuplicateKeys(false)
                    .build();
            return new Compose(rules).composeString(text);
        } catch (MarkedYamlEngineException malformed) {
            String problem = String.valueOf(malformed.getProblem()).replaceAll("\\s+", " ");
            throw new StartFailure(at(malformed.getProblemMark()) + ": not YAML: " + problem, malformed);
        } catch (YamlEngineException malformed) {
            String problem = String.valueOf(malformed.getMessage()).replaceAll("\\s+", " ");
            throw new StartFailure(file + ": not YAML: " + problem, malformed);
        }
    }

    private void addRoot(Node root) {
        if (root instanceof MappingNode mapping) {
            addAll("", mapping);
        } else if (!isNothing(root)) {
            throw new StartFailure(at(root.getStartMark()) + ": must be a mapping of keys to values");
        }
    }

    private void addAll(String prefix, MappingNode mapping) {
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new StartFailure(at(entry.getKeyNode().getStartMark()) + ": a key must be a word");
            }
            add(prefix + key.getValue(), key, entry.getValueNode());
        }
    }

    private void add(String name, ScalarNode key, Node value) {
        if (value instanceof MappingNode section) {
            addAll(name + ".", section);
        } else if (isNothing(value) && isSection(name)) {
            // A section of which every key is commented out.
            return;
        } else {
            Setting setting = new Setting(name, textOf(name, value), at(key.getStartMark()), Setting.Source.FILE);
            Setting first = settings.putIfAbsent(name, setting);
            if (first != null) {
                throw new StartFailure(
                        setting.origin() + ": " + name + " is set a second time, first at " + first.origin());
            }
        }
    }

    private String textOf(String name, Node value) {
        if (value instanceof SequenceNode list) {
            return list.getValue().stream().map(item -> itemOf(name, item)).collect(Collectors.joining(", "));
        }
        return isNothing(value) ? "" : ((ScalarNode) value).getValue();
    }

    private String itemOf(String name, Node item) {
        if (item instanceof ScalarNode scalar && scalar.getValue().indexOf(',') < 0) {
            return scalar.getValue();
        }
        throw new StartFailure(at(item.getStartMark()) + ": " + name + " must be a list of plain values");
    }

    private static boolean isSection(String name) {
        return ConfigKeys.all().stream().anyMatch(key -> key.name().startsWith(name + "."));
    }

    private static boolean isNothing(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.isPlain()
                && (scalar.getValue().isEmpty() || scalar.getValue().equals("null"));
    }

    private String at(Optional<Mark> mark) {
        return mark.map(place -> file + ":" + (place.getLine() + 1)).orElse(file.toString());
    }
}
