package dev.terraseal.core.timestamp;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a token (FORMATS section 7), {@code timestamps/<size>/<authority>-<genTime>.tsr}.
 *
 * @param second the time in the name, which is that of the token
 */
public record StampName(long size, String authority, String second) {
    public static final String PREFIX = "timestamps/";
    /** Of an authority, as archives write it. */
    public static final Pattern AUTHORITY = Pattern.compile("[a-z0-9.-]{1,64}");

    private static final Pattern FORM =
            Pattern.compile("timestamps/([1-9][0-9]{0,15})/([a-z0-9.-]{1,64})-([0-9]{8}T[0-9]{6}Z)\\.tsr");
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    public static StampName of(long size, String authority, Instant time) {
        return new StampName(size, authority, second(time));
    }

    public static Optional<StampName> parse(String name) {
        Matcher form = FORM.matcher(name);
        return form.matches()
                ? Optional.of(new StampName(Long.parseLong(form.group(1)), form.group(2), form.group(3)))
                : Optional.empty();
    }

    /** The file in a bundle with the bytes that were stamped. */
    public static String note(long size) {
        return PREFIX + size + "/note";
    }

    /** The size in {@code timestamps/<size>/note}, or null. */
    public static @Nullable Long noteSize(String name) {
        Matcher form = Pattern.compile("timestamps/([1-9][0-9]{0,15})/note").matcher(name);
        return form.matches() ? Long.valueOf(form.group(1)) : null;
    }

    public static String second(Instant time) {
        return SECOND.format(time.truncatedTo(ChronoUnit.SECONDS));
    }

    public String text() {
        return PREFIX + size + "/" + authority + "-" + second + ".tsr";
    }
}
