package dev.terraseal.ingest.http;

import dev.terraseal.core.bytes.Excerpt;
import dev.terraseal.core.canonical.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request is answered with a problem (RFC 9457). {@code code} is stable and programs match on it; {@code detail} is
 * for people and says what to do.
 */
public final class ProblemException extends Exception {
    private static final long serialVersionUID = 1L;
    /** Seconds. */
    private static final String AGAIN = "2";

    private final int status;
    private final String code;
    private final transient Json.@Nullable Obj extra;
    private final transient Map<String, String> headers;

    private ProblemException(
            int status, String code, String detail, Json.@Nullable Obj extra, Map<String, String> headers) {
        super(detail);
        this.status = status;
        this.code = code;
        this.extra = extra;
        this.headers = headers;
    }

    public ProblemException(int status, String code, String detail) {
        this(status, code, detail, null, Map.of());
    }

    public ProblemException(int status, String code, String detail, Json.Obj extra) {
        this(status, code, detail, extra, Map.of());
    }

    /** The same, with a header that this status asks for: WWW-Authenticate with 401, Allow with 405. */
    public ProblemException(int status, String code, String detail, String header, String value) {
        this(status, code, detail, null, Map.of(header, value));
    }

    /** The service cannot answer now; the same request may go through later. */
    public static ProblemException unavailable(String detail) {
        return new ProblemException(503, "unavailable", detail, "Retry-After", AGAIN);
    }

    /** More is being done than may be at once; the same request goes through when some of it is done. */
    public static ProblemException tooMany(String detail) {
        return new ProblemException(429, "too-many-requests", detail, "Retry-After", AGAIN);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** What programs read beside the code; empty where there is nothing. */
    public Json.Obj extra() {
        return extra == null ? Json.obj().build() : extra;
    }

    public Reply reply() {
        Json.Builder body = Json.obj()
                .put("code", code)
                .put("detail", Excerpt.wellFormed(String.valueOf(getMessage())))
                .put("status", status)
                .put("title", title())
                .put("type", "https://terraseal.dev/problems/" + code);
        if (extra != null) {
            extra.members().forEach(body::put);
        }
        Reply reply =
                Reply.bytes(status, "application/problem+json", body.build().bytes());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            reply = reply.header(header.getKey(), header.getValue());
        }
        return reply;
    }

    private String title() {
        return switch (status) {
            case 400 -> "The request is malformed";
            case 401 -> "Who are you?";
            case 403 -> "Not for this caller";
            case 404 -> "Not found";
            case 405 -> "Not this method";
            case 409 -> "This id has other content";
            case 413 -> "Too large";
            case 415 -> "Not this kind of content";
            case 422 -> "The event cannot be accepted";
            case 429 -> "Too many requests";
            case 503 -> "Not now";
            default -> "Internal error";
        };
    }
}
