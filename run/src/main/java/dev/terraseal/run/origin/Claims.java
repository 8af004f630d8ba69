package dev.terraseal.run.origin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text from the environment, made fit for evidence: no credentials of URLs, no control characters, not endless. */
final class Claims {
    private static final int LENGTH_MAX = 512;
    private static final Pattern SCP_FORM = Pattern.compile("(?:[^@/\\s]+@)?([^:/\\s]+):(?!//)(.+)");

    private Claims() {}

    /** Null for what is absent or empty. */
    static @Nullable String text(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        String clean = new String(
                        value.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.nio.charset.StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}", " ")
                .strip();
        return clean.length() <= LENGTH_MAX ? clean : clean.substring(0, LENGTH_MAX);
    }

    /** A URL without user, password, query and fragment: CI systems put tokens there. */
    static @Nullable String url(@Nullable String value) {
        String text = text(value);
        if (text == null || !text.contains("://")) {
            return text == null ? null : scpForm(text);
        }
        try {
            URI uri = new URI(text);
            if (uri.getHost() == null) {
                return withoutUser(text);
            }
            return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), uri.getPath(), null, null).toString();
        } catch (URISyntaxException notAUri) {
            return withoutUser(text);
        }
    }

    /** {@code git@host:path} is a place; the user name in it is none of the log's business. */
    private static String scpForm(String text) {
        var matcher = SCP_FORM.matcher(text);
        return matcher.matches() ? matcher.group(1) + ":" + matcher.group(2) : text;
    }

    private static @Nullable String withoutUser(String text) {
        int scheme = text.indexOf("://") + 3;
        int slash = text.indexOf('/', scheme);
        String authority = slash < 0 ? text.substring(scheme) : text.substring(scheme, slash);
        int at = authority.lastIndexOf('@');
        String path = slash < 0 ? "" : text.substring(slash).replaceAll("[?#].*", "");
        return text.substring(0, scheme) + authority.substring(at + 1) + path;
    }
}
