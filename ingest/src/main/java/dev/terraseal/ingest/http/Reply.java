package dev.terraseal.ingest.http;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back. Headers beside the content type are few: Retry-After, Cache-Control. */
public sealed interface Reply {
    int status();

    String contentType();

    Map<String, String> headers();

    /** A whole body. */
    record Whole(int status, String contentType, Map<String, String> headers, Bytes body) implements Reply {}

    /**
     * A body written as it comes into being.
     *
     * @param ended run once when no more is written, however it ended
     */
    record Streamed(int status, String contentType, Map<String, String> headers, Writer writer, Runnable ended)
            implements Reply {}

    /** Writes a body. An exception cuts the connection, so that the client sees that there was more. */
    interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    static Reply json(int status, Json body) {
        return new Whole(status, "application/json", Map.of(), body.bytes());
    }

    static Reply bytes(int status, String contentType, Bytes body) {
        return new Whole(status, contentType, Map.of(), body);
    }

    static Reply text(int status, String body) {
        return new Whole(status, "text/plain; charset=utf-8", Map.of(), Bytes.utf8(body));
    }

    static Reply streamed(String contentType, Writer writer, Runnable ended) {
        return new Streamed(200, contentType, Map.of(), writer, ended);
    }

    default Reply header(String name, String value) {
        Map<String, String> headers = new LinkedHashMap<>(headers());
        headers.put(name, value);
        if (this instanceof Whole whole) {
            return new Whole(whole.status(), whole.contentType(), headers, whole.body());
        }
        Streamed streamed = (Streamed) this;
        return new Streamed(streamed.status(), streamed.contentType(), headers, streamed.writer(), streamed.ended());
    }

    default Reply retryAfter(Duration wait) {
        return header("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
    }
}
