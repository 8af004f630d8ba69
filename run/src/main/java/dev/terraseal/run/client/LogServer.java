package dev.terraseal.run.client;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the pipeline listens and what we show it. The token is a secret: it is in no text form of this.
 *
 * @param base without a slash at the end
 */
public record LogServer(URI base, @Nullable String token) {
    public static final String DEFAULT = "http://127.0.0.1:8480";

    public LogServer {
        String scheme = base.getScheme();
        if (base.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "'" + base + "' is no server: write http://host:port or https://host, as in " + DEFAULT);
        }
        if (base.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "a server URL carries no password; put the token into the environment variable TERRASEAL_TOKEN");
        }
        // The HTTP client would refuse it later, after an apply, and quote it.
        if (token != null && !token.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "the token in TERRASEAL_TOKEN holds a line break or another character that no header can carry;"
                            + " set the bare token");
        }
    }

    /** The flag, else {@code TERRASEAL_SERVER}, else loopback; the token from {@code TERRASEAL_TOKEN} only. */
    public static LogServer of(@Nullable String flag, Map<String, String> environment) {
        String named = environment.getOrDefault("TERRASEAL_SERVER", "");
        String text = flag != null ? flag : named.isEmpty() ? DEFAULT : named;
        String token = environment.getOrDefault("TERRASEAL_TOKEN", "").strip();
        String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return new LogServer(URI.create(trimmed), token.isEmpty() ? null : token);
    }

    /** The URL of {@code path}, which begins with a slash. */
    public URI at(String path) {
        return URI.create(base + path);
    }

    /** A warning where the token would cross a network in clear text. */
    public Optional<String> exposure() {
        String host = base.getHost();
        boolean loopback = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
        return token != null && "http".equals(base.getScheme()) && !loopback
                ? Optional.of("the token goes to " + base + " without TLS; use https")
                : Optional.empty();
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
