package dev.terraseal.ingest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.terraseal.ingest.http.Guard;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Request;
import java.io.IOException;
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

    /**
     * What is asked before any route.
     *
     * @param listening the host name that was configured to listen on
     */
    public Guard guard(String listening) {
        return tokens == null ? new OwnPages(listening) : request -> {};
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
                            + " terraseal command)",
                    "WWW-Authenticate",
                    "Bearer");
        }
        return caller;
    }

    /**
     * A handler of others whose reads are everyone's, and whose writes need a caller where callers are known. What is
     * written there is the whole log's and stays for ever, so a caller who may send to some streams only may not; what it
     * may do is ask, which takes a POST where it asks by a schema. Schema clients send Bearer or Basic credentials; of Basic
     * the password is the token.
     */
    HttpHandler guarded(HttpHandler handler) {
        Tokens known = tokens;
        if (known == null) {
            return handler;
        }
        return exchange -> {
            String method = exchange.getRequestMethod();
            if (method.equals("GET") || method.equals("HEAD")) {
                handler.handle(exchange);
                return;
            }
            String header = exchange.getRequestHeaders().getFirst("Authorization");
            Optional<Tokens.Caller> caller = header == null ? Optional.empty() : known.caller(bearer(header));
            if (caller.isEmpty()) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer, Basic realm=\"terraseal\"");
                refuse(
                        exchange,
                        401,
                        "writing here needs a token this log knows: Bearer, or Basic with the token as its password");
            } else if (!caller.get().prefixes().isEmpty()
                    && !asksOnly(method, exchange.getRequestURI().getRawPath())) {
                refuse(
                        exchange,
                        403,
                        "schemas are the whole log's, and this token is for some streams of it: write with one that is for"
                                + " all");
            } else {
                handler.handle(exchange);
            }
        };
    }

    /** {@code POST /subjects/{s}} finds a schema, and {@code POST /compatibility/…} judges one: neither changes anything. */
    private static boolean asksOnly(String method, String path) {
        return method.equals("POST") && (path.matches("/subjects/[^/]+/?") || path.startsWith("/compatibility/"));
    }

    private static void refuse(HttpExchange exchange, int status, String message) throws IOException {
        byte[] refusal =
                ("{\"error_code\":" + status + "01,\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, refusal.length);
        exchange.getResponseBody().write(refusal);
        exchange.close();
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
