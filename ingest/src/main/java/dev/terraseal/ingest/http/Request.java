package dev.terraseal.ingest.http;

import com.sun.net.httpserver.HttpExchange;
import dev.terraseal.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request as a handler needs it. The body is read once and only up to the limit the handler names. */
public final class Request {
    private final HttpExchange exchange;
    private final Map<String, String> query;
    private final List<Runnable> afterwards;

    private Request(HttpExchange exchange, Map<String, String> query, List<Runnable> afterwards) {
        this.exchange = exchange;
        this.query = query;
        this.afterwards = afterwards;
    }

    /** @param afterwards takes what is to be done when the answer has been sent, or could not be */
    static Request of(HttpExchange exchange, List<Runnable> afterwards) throws ProblemException {
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
        return new Request(exchange, query, afterwards);
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

    /** Does {@code step} when the answer has been sent, or could not be. */
    public void afterwards(Runnable step) {
        afterwards.add(step);
    }

    /**
     * The body, refused with 413 beyond {@code limit} bytes without reading further.
     *
     * @param held takes what is read, as it comes; 429 where there is no more room
     */
    public Bytes body(int limit, ByteBudget.Share held) throws IOException, ProblemException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        body(limit, held, read);
        return Bytes.wrap(read.toByteArray());
    }

    /** The same, for a body that is put elsewhere as it comes. */
    public void body(int limit, ByteBudget.Share held, OutputStream to) throws IOException, ProblemException {
        byte[] piece = new byte[16 << 10];
        long length = 0;
        boolean room = true;
        InputStream in = exchange.getRequestBody();
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            length += count;
            if (length > limit) {
                throw new ProblemException(413, "too-large", "the body is larger than " + limit + " bytes");
            }
            room = room && held.grow(count);
            if (room) {
                to.write(piece, 0, count);
            }
        }
        if (!room) {
            // The rest was read all the same: who is cut while it sends does not see the answer.
            throw ProblemException.tooMany(
                    "as many bytes of requests are being read as may be at once; nothing was done");
        }
    }

    /** Who sends JSON says so. A page in a browser can send other types to us without asking us first. */
    public void requireJson() throws ProblemException {
        String type = header("Content-Type").orElse("");
        int parameters = type.indexOf(';');
        String bare = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        if (!bare.toLowerCase(Locale.ROOT).equals("application/json")) {
            throw new ProblemException(
                    415,
                    "not-json",
                    path() + " takes JSON: send the header 'Content-Type: application/json'"
                            + (bare.isEmpty() ? "" : ", not " + bare));
        }
    }

    public void requireMethod(String... allowed) throws ProblemException {
        for (String method : allowed) {
            if (method.equals(method())) {
                return;
            }
        }
        throw new ProblemException(
                405,
                "method-not-allowed",
                path() + " takes " + String.join(" or ", allowed) + ", not " + method(),
                "Allow",
                String.join(", ", allowed));
    }
}
