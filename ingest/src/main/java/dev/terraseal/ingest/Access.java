package dev.terraseal.ingest;

import com.sun.net.httpserver.HttpHandler;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is asking. Without a token file everyone is let in as nobody, which is why only loopback is served then. */
public final class Access {
    private final @Nullable Tokens tokens;

    public Access(@Nullable Tokens tokens) {
        this.tokens = tokens;
    }

    /** The caller; empty when no authentication is configured. */
    public Optional<Tokens.Caller> require(Request request) throws ProblemException {
        if (tokens == null) {
            return Optional.empty();
        }
        Optional<Tokens.Caller> caller = request.header("Authorization").flatMap(tokens::caller);
        if (caller.isEmpty()) {
            throw new ProblemException(
                    401,
                    "unauthenticated",
                    "send the header 'Authorization: Bearer <token>' with a token this log knows (TERRASEAL_TOKEN for the"
                            + " terraseal command)");
        }
        return caller;
    }

    /**
     * A handler of others whose reads are everyone's, and whose writes need a caller where callers are known. Schema clients
     * send Bearer or Basic credentials; of Basic the password is the token.
     */
    HttpHandler guarded(HttpHandler handler) {
        Tokens known = tokens;
        if (known == null) {
            return handler;
        }
        return exchange -> {
            String method = exchange.getRequestMethod();
            String header = exchange.getRequestHeaders().getFirst("Authorization");
            boolean reads = method.equals("GET") || method.equals("HEAD");
            if (reads || header != null && known.caller(bearer(header)).isPresent()) {
                handler.handle(exchange);
                return;
            }
            byte[] refusal =
                    "{\"error_code\":40101,\"message\":\"writing here needs a token this log knows: Bearer, or Basic with the token as its password\"}"
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer, Basic realm=\"terraseal\"");
            exchange.sendResponseHeaders(401, refusal.length);
            exchange.getResponseBody().write(refusal);
            exchange.close();
        };
    }

    private static String bearer(String header) {
        String scheme = "Basic ";
        if (!header.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return header;
        }
        try {
            String login = new String(
                    Base64.getDecoder().decode(header.substring(scheme.length()).strip()), StandardCharsets.UTF_8);
            return "Bearer " + login.substring(login.indexOf(':') + 1);
        } catch (IllegalArgumentException noBase64) {
            return header;
        }
    }
}
