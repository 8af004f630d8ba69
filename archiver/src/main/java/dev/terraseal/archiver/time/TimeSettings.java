package dev.terraseal.archiver.time;

import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who stamps, and how often.
 *
 * @param authorities nobody if it is empty
 * @param roots where tokens have to lead to be archived; empty for anywhere
 * @param interval a time stamp so often, if the log grew
 * @param timeout of one question
 * @param renewAfter tokens of this age are stamped again
 */
public record TimeSettings(
        List<Authority> authorities,
        List<TimeAuthority> roots,
        Duration interval,
        Duration timeout,
        Duration renewAfter) {
    public static final TimeSettings NONE =
            new TimeSettings(List.of(), List.of(), Duration.ofHours(1), Duration.ofSeconds(10), Duration.ofDays(365));

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----\n[^-]+\n-----END CERTIFICATE-----\n?");

    /** @param name in the names of its tokens */
    public record Authority(String name, URI address) {}

    public TimeSettings {
        authorities = List.copyOf(authorities);
        roots = List.copyOf(roots);
    }

    /** Reads {@code time.authorities}, {@code time.roots}, {@code time.interval}, {@code time.timeout}, {@code time.renew-after}. */
    public static TimeSettings from(Settings settings) {
        return new TimeSettings(
                authorities(settings),
                settings.path("time.roots").map(file -> roots(settings, file)).orElse(List.of()),
                positive(settings, "time.interval", NONE.interval()),
                positive(settings, "time.timeout", NONE.timeout()),
                positive(settings, "time.renew-after", NONE.renewAfter()));
    }

    private static Duration positive(Settings settings, String name, Duration otherwise) {
        Duration read = settings.duration(name, otherwise);
        if (read.isZero()) {
            settings.problem(name, "is 0; say how long");
            return otherwise;
        }
        return read;
    }

    private static List<Authority> authorities(Settings settings) {
        List<Authority> out = new ArrayList<>();
        String text = settings.text("time.authorities", "");
        for (String each : text.isBlank() ? new String[0] : text.split(",")) {
            int split = each.indexOf('=');
            String name = split < 0 ? "" : each.substring(0, split).strip();
            String address = each.substring(split + 1).strip();
            boolean known = out.stream().anyMatch(other -> other.name().equals(name));
            if (!StampName.AUTHORITY.matcher(name).matches() || known || !address.matches("https?://[^\\s]+")) {
                settings.problem(
                        "time.authorities",
                        "has '" + each.strip() + "', which is not name=http://… with a name of its own in [a-z0-9.-]");
            } else {
                out.add(new Authority(name, URI.create(address)));
            }
        }
        return out;
    }

    private static List<TimeAuthority> roots(Settings settings, Path file) {
        List<TimeAuthority> out = new ArrayList<>();
        try {
            Matcher each = CERTIFICATE.matcher(Files.readString(file).replace("\r\n", "\n"));
            while (each.find()) {
                out.add(TimeAuthority.of(each.group(), null));
            }
            if (out.isEmpty()) {
                settings.problem("time.roots", "names " + file + ", which holds no certificate in PEM");
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            settings.problem("time.roots", "names " + file + ", which cannot be read: " + unreadable.getMessage());
        }
        return out;
    }
}
