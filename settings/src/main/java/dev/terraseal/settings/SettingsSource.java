package dev.terraseal.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Where settings come from. Later layers win: file, then environment, then flags. */
public final class SettingsSource {
    private static final String PREFIX = "TERRASEAL_";

    /** What Kubernetes tells every container of a namespace about a Service called terraseal, or terraseal-something. */
    private static final Pattern OF_A_SERVICE =
            Pattern.compile("(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern ADDRESS_OF_A_SERVICE = Pattern.compile("(tcp|udp|sctp)://.*");

    /** What snakeyaml quotes of the file in these problems is a value as often as not. */
    private static final Pattern QUOTED = Pattern.compile("\\b(alias|anchor|tag|tag handle) \\S.*");

    private final Map<String, String> values = new TreeMap<>();

    /**
     * Adds a YAML file of nested maps; {@code kafka: {bootstrap: x}} is the setting {@code kafka.bootstrap}. A value is the
     * text that stands there, and a list is its texts with commas between.
     */
    public SettingsSource file(Path file) throws SettingsException {
        try (Reader reader = Files.newBufferedReader(file)) {
            Object root = yaml().load(reader);
            if (root == null) {
                return this;
            }
            if (!(root instanceof Map<?, ?> map)) {
                throw new SettingsException(List.of(file + " is not a map of settings"));
            }
            Map<String, String> read = new TreeMap<>();
            List<String> problems = new ArrayList<>();
            flatten("", map, read, problems);
            if (!problems.isEmpty()) {
                throw new SettingsException(
                        problems.stream().map(problem -> file + ": " + problem).toList());
            }
            values.putAll(read);
            return this;
        } catch (IOException unreadable) {
            throw new SettingsException(List.of("cannot read " + file + ": " + FileFailure.why(unreadable)));
        } catch (YAMLException malformed) {
            throw new SettingsException(List.of(file + " is not YAML: " + why(malformed)));
        }
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        // Of two values of one name one would count, and nobody could tell which.
        options.setAllowDuplicateKeys(false);
        DumperOptions unused = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new TextsOnly());
    }

    /** YAML 1.1 takes {@code 012345} for 5349, {@code no} for false and {@code 1:30} for 90: passwords and names are none. */
    private static final class TextsOnly extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }

    /** Place and problem, and nothing of the line: it may hold a password. */
    private static String why(YAMLException malformed) {
        if (malformed instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            return "line " + (marked.getProblemMark().getLine() + 1) + ", column "
                    + (marked.getProblemMark().getColumn() + 1) + ": "
                    + QUOTED.matcher(String.valueOf(marked.getProblem())).replaceFirst("$1");
        }
        return malformed.getCause() instanceof IOException unreadable
                ? FileFailure.why(unreadable)
                : String.valueOf(malformed.getMessage());
    }

    private static void flatten(String prefix, Map<?, ?> map, Map<String, String> read, List<String> problems) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String name = prefix + entry.getKey();
            Object value = entry.getValue();
            if (value instanceof Map<?, ?> nested) {
                flatten(name + ".", nested, read, problems);
            } else if (value instanceof List<?> list && !isOfTexts(list)) {
                problems.add(name + " is a list, and not of texts without commas");
            } else if (value != null && read.put(name, text(value)) != null) {
                problems.add(name + " stands there twice");
            }
        }
    }

    private static boolean isOfTexts(List<?> list) {
        return list.stream().allMatch(each -> each instanceof String text && !text.contains(","));
    }

    private static String text(Object value) {
        return value instanceof List<?> texts
                ? String.join(",", texts.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    /**
     * Adds {@code TERRASEAL_KAFKA_BOOTSTRAP} as {@code kafka.bootstrap}: an underscore is a dot, two are a dash. Variables
     * in {@code otherwiseUsed} (without the prefix) belong to something else and are left out, as are those Kubernetes sets
     * for a Service.
     */
    public SettingsSource environment(Map<String, String> environment, List<String> otherwiseUsed) {
        environment.forEach((variable, value) -> {
            if (variable.startsWith(PREFIX)) {
                String name = variable.substring(PREFIX.length());
                if (!otherwiseUsed.contains(name) && !isOfAService(name, value)) {
                    String setting = name.toLowerCase(Locale.ROOT);
                    values.put(setting.replace("__", "-").replace('_', '.'), value);
                }
            }
        });
        return this;
    }

    private static boolean isOfAService(String name, String value) {
        boolean port = name.equals("PORT") || name.endsWith("_PORT");
        return OF_A_SERVICE.matcher(name).matches()
                || (port && ADDRESS_OF_A_SERVICE.matcher(value).matches());
    }

    public SettingsSource set(String name, String value) {
        values.put(name, value);
        return this;
    }

    public Settings settings() {
        return new Settings(values);
    }
}
