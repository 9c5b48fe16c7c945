package io.pesan.node.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The values that hold: every key has one, read and checked. */
public final class Configuration {

    /** One key's value and where it comes from. */
    record Value<T>(ConfigKey<T> key, T value, Setting setting) {

        boolean isExplicit() {
            return setting.source() != Setting.Source.DEFAULT;
        }

        boolean isMissing() {
            return isExplicit() && key.feature().isMissingFor().test(value);
        }
    }

    private final Map<ConfigKey<?>, Value<?>> values = new LinkedHashMap<>();

    private Configuration() {}

    /**
     * Reads and checks everything.
     *
     * @param terminal whether somebody watches: decides the default of {@code logging.format}
     * @throws StartFailure naming the key and the place where it was set
     */
    public static Configuration read(ConfigSources sources, boolean terminal) {
        Map<String, Setting> strongest = new HashMap<>();
        List<String> known = KeyNames.all();
        for (Setting setting : sources.read()) {
            if (!known.contains(setting.name())) {
                throw new StartFailure(
                        setting.origin() + ": " + KeyNames.unknown("is not a key", setting.name(), known));
            }
            strongest.put(setting.name(), setting);
        }
        Configuration configuration = new Configuration();
        for (ConfigKey<?> key : ConfigKeys.all()) {
            configuration.put(key, strongest, terminal);
        }
        configuration.refuseWhatIsMissing();
        ClusterRules.check(configuration);
        VerticleConfigs.check(configuration);
        return configuration;
    }

    /** The value that holds. */
    @SuppressWarnings("unchecked")
    public <T> T get(ConfigKey<T> key) {
        return ((Value<T>) Objects.requireNonNull(values.get(key), key.name())).value();
    }

    /** Whether somebody set it. */
    public boolean isExplicit(ConfigKey<?> key) {
        return Objects.requireNonNull(values.get(key), key.name()).isExplicit();
    }

    /** Whether this node does that part of the work: {@code gateway}, {@code session} or {@code inbox}. */
    public boolean hasRole(String role) {
        return get(ConfigKeys.NODE_ROLES).contains(role);
    }

    /** Whether this node needs Redis: a gateway by itself leaves that to others. */
    public boolean usesRedis() {
        return hasRole("session") || hasRole("inbox");
    }

    /** Whether Redis is to be started by the node itself. */
    public boolean isRedisEmbedded() {
        return usesRedis() && get(ConfigKeys.REDIS_URL).isEmpty();
    }

    /** Absolute. */
    public Path dataDirectory() {
        return Path.of(get(ConfigKeys.REDIS_DATA_DIR)).toAbsolutePath().normalize();
    }

    /** What the operator should know before the node runs, one line each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (Value<?> value : values.values()) {
            if (value.isMissing()) {
                warnings.add(value.key() + " (" + value.setting().origin()
                        + ") has no effect: what it configures is still to come");
            }
        }
        String chat = get(ConfigKeys.GATEWAY_HOST);
        boolean open = hasRole("gateway") && !Hosts.isLoopback(chat);
        if (get(ConfigKeys.ACCOUNTS_DEMO) && (open || isExplicit(ConfigKeys.ACCOUNTS_DEMO))) {
            warnings.add("accounts.demo is on" + (open ? ", and gateway.host (" + chat + ") is not loopback" : "")
                    + ": anybody can log in as messi, henderson or lineker");
        }
        if (!get(ConfigKeys.GATEWAY_PROXY_PROTOCOL)
                && !get(ConfigKeys.GATEWAY_PROXY_PROTOCOL_FROM).isEmpty()) {
            warnings.add("gateway.proxy-protocol-from has no effect: gateway.proxy-protocol is false");
        }
        warnings.addAll(ClusterRules.warnings(this));
        return warnings;
    }

    /** " (pesan.yaml:3)" for a record's complaint that begins with a key's name; else nothing. */
    String originOfKeyIn(IllegalArgumentException complaint) {
        String message = String.valueOf(complaint.getMessage());
        return values.values().stream()
                .filter(value -> message.startsWith(value.key().name() + " "))
                .map(value -> " (" + value.setting().origin() + ")")
                .findFirst()
                .orElse("");
    }

    /** Where a key was set, for complaints. */
    String origin(ConfigKey<?> key) {
        return Objects.requireNonNull(values.get(key), key.name()).setting().origin();
    }

    List<Value<?>> values() {
        return List.copyOf(values.values());
    }

    private <T> void put(ConfigKey<T> key, Map<String, Setting> strongest, boolean terminal) {
        Setting setting = strongest.get(key.name());
        if (key.secret()) {
            setting = stronger(key, setting, strongest.get(key.fileTwin()));
        }
        // A computed default can be asked for by leaving the value empty.
        if (setting == null || (setting.text().isEmpty() && key.fallback() == null)) {
            String text = key.fallback() == null ? compute(key, terminal) : key.fallback();
            setting = new Setting(key.name(), text, "default", Setting.Source.DEFAULT);
        }
        String text = setting.name().equals(key.name()) ? setting.text() : secretIn(setting);
        values.put(key, new Value<>(key, read(key, setting, text), setting));
    }

    private static <T> T read(ConfigKey<T> key, Setting setting, String text) {
        try {
            return key.type().read(text);
        } catch (IllegalArgumentException | ArithmeticException bad) {
            String shown = key.secret() ? "" : ", not '" + text + "'";
            throw new StartFailure(
                    setting.origin() + ": " + key + " must be " + key.type().expected() + shown, bad);
        }
    }

    private static @Nullable Setting stronger(ConfigKey<?> key, @Nullable Setting direct, @Nullable Setting twin) {
        if (direct != null && twin != null && direct.source() == twin.source()) {
            throw new StartFailure(twin.origin() + ": " + key.fileTwin() + " and " + key + " are both set");
        }
        boolean isDirect = twin == null || (direct != null && direct.source().compareTo(twin.source()) > 0);
        return isDirect ? direct : twin;
    }

    private static String secretIn(Setting twin) {
        try {
            // Editors and mounts end a file with a line break that is not part of the secret.
            return Files.readString(Path.of(twin.text())).stripTrailing();
        } catch (IOException | InvalidPathException unreadable) {
            throw new StartFailure(
                    twin.origin() + ": " + twin.name() + ": can't read '" + twin.text() + "'", unreadable);
        }
    }

    private String compute(ConfigKey<?> key, boolean terminal) {
        if (key.equals(ConfigKeys.NODE_ID)) {
            return hostName();
        } else if (key.equals(ConfigKeys.ACCOUNTS_DEMO)) {
            return String.valueOf(isRedisEmbedded());
        } else if (key.equals(ConfigKeys.PASSWORD_HASH_WORKERS)) {
            return String.valueOf(Math.min(256, Runtime.getRuntime().availableProcessors()));
        } else if (key.equals(ConfigKeys.LOGGING_FORMAT)) {
            return terminal ? "text" : "json";
        }
        throw new IllegalStateException(key + " has no default");
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    private void refuseWhatIsMissing() {
        for (Value<?> value : values.values()) {
            if (value.isMissing() && value.key().feature().refuse()) {
                throw new StartFailure(value.setting().origin() + ": " + value.key() + " = "
                        + value.setting().text() + " is still to come, and running without it would be unsafe");
            }
        }
    }
}
