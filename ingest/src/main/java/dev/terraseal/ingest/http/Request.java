package dev.terraseal.ingest.http;

import com.sun.net.httpserver.HttpExchange;
import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A request as a handler needs it. The body is read once and only up to the limit the handler names. */
public final class Request {
    private final HttpExchange exchange;
    private final Map<String, String> query;

    private Request(HttpExchange exchange, Map<String, String> query) {
        this.exchange = exchange;
        this.query = query;
    }

    static Request of(HttpExchange exchange) throws ProblemException {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                if (query.put(decoded(name), decoded(value)) != null) {
                    throw new ProblemException(400, "bad-query", "the query names '" + name + "' twice");
                }
            }
        }
        return new Request(exchange, query);
    }

    private static String decoded(String text) throws ProblemException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new ProblemException(400, "bad-query", "the query is not percent-encoded: " + malformed.getMessage());
        }
    }

    public String method() {
        return exchange.getRequestMethod();
    }

    public String path() {
        return exchange.getRequestURI().getPath();
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    /** A whole number from the query, {@code otherwise} when absent. */
    public long number(String name, long otherwise) throws ProblemException {
        Optional<String> text = query(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.get());
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw new ProblemException(
                400, "bad-query", "'" + name + "' is '" + text.get() + "', not a whole number from 0");
    }

    /** The body, refused with 413 beyond {@code limit} bytes without reading further. */
    public Bytes body(int limit) throws IOException, ProblemException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] read = in.readNBytes(limit + 1);
            if (read.length > limit) {
                throw new ProblemException(413, "too-large", "the body is larger than " + limit + " bytes");
            }
            return Bytes.wrap(read);
        }
    }

    public void requireMethod(String... allowed) throws ProblemException {
        for (String method : allowed) {
            if (method.equals(method())) {
                return;
            }
        }
        throw new ProblemException(
                405, "method-not-allowed", path() + " takes " + String.join(" or ", allowed) + ", not " + method());
    }
}
