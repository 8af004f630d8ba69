package dev.terraseal.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Where settings come from. Later layers win: file, then environment, then flags. */
public final class SettingsSource {
    private static final String PREFIX = "TERRASEAL_";

    private final Map<String, String> values = new TreeMap<>();

    /** Adds a YAML file of nested maps; {@code kafka: {bootstrap: x}} is the setting {@code kafka.bootstrap}. */
    public SettingsSource file(Path file) throws SettingsException {
        try (Reader reader = Files.newBufferedReader(file)) {
            Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            if (root == null) {
                return this;
            }
            if (!(root instanceof Map<?, ?> map)) {
                throw new SettingsException(List.of(file + " is not a map of settings"));
            }
            flatten("", map);
            return this;
        } catch (IOException unreadable) {
            throw new SettingsException(List.of("cannot read " + file + ": " + unreadable.getMessage()));
        } catch (YAMLException malformed) {
            throw new SettingsException(List.of(file + " is not YAML: " + malformed.getMessage()));
        }
    }

    private void flatten(String prefix, Map<?, ?> map) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = prefix + entry.getKey();
            if (entry.getValue() instanceof Map<?, ?> nested) {
                flatten(name + ".", nested);
            } else if (entry.getValue() != null) {
                values.put(name, String.valueOf(entry.getValue()));
            }
        }
    }

    /**
     * Adds {@code TERRASEAL_KAFKA_BOOTSTRAP} as {@code kafka.bootstrap}: an underscore is a dot, two are a dash. Variables
     * in {@code otherwiseUsed} (without the prefix) belong to something else and are left out.
     */
    public SettingsSource environment(Map<String, String> environment, List<String> otherwiseUsed) {
        environment.forEach((variable, value) -> {
            if (variable.startsWith(PREFIX) && !otherwiseUsed.contains(variable.substring(PREFIX.length()))) {
                String name = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
                values.put(name.replace("__", "-").replace('_', '.'), value);
            }
        });
        return this;
    }

    public SettingsSource set(String name, String value) {
        values.put(name, value);
        return this;
    }

    public Settings settings() {
        return new Settings(values);
    }
}
