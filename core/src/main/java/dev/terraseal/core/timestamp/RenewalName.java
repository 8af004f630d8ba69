package dev.terraseal.core.timestamp;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a token over a list of older tokens (FORMATS section 7): {@code
 * timestamps/renewed/<time>/<authority>-<genTime>.tsr} beside {@code timestamps/renewed/<time>/list}.
 *
 * @param made the time of the list
 */
public record RenewalName(String made, String authority, String second) {
    public static final String PREFIX = "timestamps/renewed/";

    private static final Pattern FORM =
            Pattern.compile("timestamps/renewed/([0-9]{8}T[0-9]{6}Z)/([a-z0-9.-]{1,64})-([0-9]{8}T[0-9]{6}Z)\\.tsr");
    private static final Pattern LIST = Pattern.compile("timestamps/renewed/[0-9]{8}T[0-9]{6}Z/list");

    public static RenewalName of(String list, String authority, Instant time) {
        return new RenewalName(
                list.substring(PREFIX.length(), list.length() - "/list".length()), authority, StampName.second(time));
    }

    public static Optional<RenewalName> parse(String name) {
        Matcher form = FORM.matcher(name);
        return form.matches()
                ? Optional.of(new RenewalName(form.group(1), form.group(2), form.group(3)))
                : Optional.empty();
    }

    public static boolean isList(String name) {
        return LIST.matcher(name).matches();
    }

    /** Where a list made at that time lies. */
    public static String listAt(Instant made) {
        return PREFIX + StampName.second(made) + "/list";
    }

    public String list() {
        return PREFIX + made + "/list";
    }

    public String text() {
        return PREFIX + made + "/" + authority + "-" + second + ".tsr";
    }
}
