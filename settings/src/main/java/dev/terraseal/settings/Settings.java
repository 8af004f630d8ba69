package dev.terraseal.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Typed reads of flat settings. A read never throws: it notes what is wrong and answers with the default, and
 * {@link #done()} reports everything at once, unknown settings too. A config record reads all it needs and calls that.
 */
public final class Settings {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern SECRET = Pattern.compile(".*(secret|password|passphrase|token|jaas|pin).*");

    /** The user and password of a URL. */
    private static final Pattern LOGIN = Pattern.compile("(?<=://)[^/?#\\s]*@");

    private static final String REDACTED = "<redacted>";

    private final Map<String, String> values;
    private final Set<String> read = new TreeSet<>();
    private final Set<String> hidden = new TreeSet<>();
    private final Map<String, String> effective = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    Settings(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    public static Settings of(Map<String, String> values) {
        return new Settings(values);
    }

    /** A setting that must be there. */
    public String text(String name) {
        Optional<String> value = optional(name);
        if (value.isEmpty()) {
            problem(name, "is missing");
        }
        return value.orElse("");
    }

    public String text(String name, String otherwise) {
        String value = optional(name).orElse(otherwise);
        effective.put(name, value);
        return value;
    }

    public Optional<String> optional(String name) {
        read.add(name);
        Optional<String> value = Optional.ofNullable(values.get(name)).filter(text -> !text.isBlank());
        value.ifPresent(text -> effective.put(name, text));
        return value;
    }

    /** A duration written {@code 500ms}, {@code 5s}, {@code 10m}, {@code 2h} or {@code 30d}. */
    public Duration duration(String name, Duration otherwise) {
        String text = text(name, written(otherwise));
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            wrong(name, text, "a duration such as 500ms, 5s, 10m, 2h or 30d");
            return otherwise;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static String written(Duration duration) {
        boolean days =
                duration.compareTo(Duration.ofDays(1)) >= 0 && duration.equals(Duration.ofDays(duration.toDays()));
        return days ? duration.toDays() + "d" : duration.toMillis() + "ms";
    }

    public int integer(String name, int otherwise, int least, int most) {
        String text = text(name, Integer.toString(otherwise));
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // said below, with the range
        }
        wrong(name, text, "a whole number from " + least + " to " + most);
        return otherwise;
    }

    public boolean flag(String name, boolean otherwise) {
        String text = text(name, Boolean.toString(otherwise)).toLowerCase(Locale.ROOT);
        if (!text.equals("true") && !text.equals("false")) {
            wrong(name, text, "true or false");
        }
        return text.equals("true");
    }

    public Optional<URI> uri(String name) {
        return optional(name).flatMap(text -> {
            try {
                return Optional.of(new URI(text));
            } catch (URISyntaxException wrong) {
                wrong(name, text, "a URI: " + wrong.getReason());
                return Optional.empty();
            }
        });
    }

    public Optional<Path> path(String name) {
        return optional(name).flatMap(text -> {
            try {
                return Optional.of(Path.of(text));
            } catch (InvalidPathException wrong) {
                wrong(name, text, "a path: " + wrong.getReason());
                return Optional.empty();
            }
        });
    }

    /**
     * Everything below {@code prefix}, its names without it: pass-through settings of a library.
     *
     * @param shown which of those names have values that may be shown; the library has more secrets than names tell
     */
    public Map<String, String> below(String prefix, Predicate<String> shown) {
        Map<String, String> out = new TreeMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                read.add(name);
                effective.put(name, value);
                String rest = name.substring(prefix.length());
                if (!shown.test(rest)) {
                    hidden.add(name);
                }
                out.put(rest, value);
            }
        });
        return out;
    }

    private void wrong(String name, String value, String wanted) {
        String said = shown(name, value);
        problem(name, "is " + (said.equals(REDACTED) ? said : "'" + said + "'") + ", not " + wanted);
    }

    private String shown(String name, String value) {
        return hidden.contains(name)
                        || SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches()
                ? REDACTED
                : LOGIN.matcher(value).replaceAll(REDACTED + "@");
    }

    /** Notes a problem found by the caller; reported with the others. */
    public void problem(String name, String what) {
        problems.add(name + " " + what + " (environment: TERRASEAL_"
                + name.toUpperCase(Locale.ROOT).replace("-", "__").replace('.', '_') + ")");
    }

    /** Names that mean something to another command, whose file or environment this may be, and nothing here. */
    public void leaveOut(String... names) {
        read.addAll(List.of(names));
    }

    /** What is wrong with what was read so far. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** The names that are set and that nobody has read. */
    public List<String> unread() {
        return values.keySet().stream().filter(name -> !read.contains(name)).toList();
    }

    /** Reports everything wrong at once, unknown settings included; does nothing when all is well. */
    public void done() throws SettingsException {
        for (String name : unread()) {
            problems.add(name + " is not a setting of this command; known are: " + String.join(", ", read));
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    /** What is in force, one {@code name=value} each, secrets redacted: log it once at start. */
    public String effective() {
        StringBuilder out = new StringBuilder();
        effective.forEach((name, value) -> {
            out.append(out.length() == 0 ? "" : " ").append(name).append('=');
            out.append(shown(name, value));
        });
        return out.toString();
    }
}
