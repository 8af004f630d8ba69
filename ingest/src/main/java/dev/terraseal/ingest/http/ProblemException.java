package dev.terraseal.ingest.http;

import dev.terraseal.core.canonical.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The request is answered with a problem (RFC 9457). {@code code} is stable and programs match on it; {@code detail} is
 * for people and says what to do.
 */
public final class ProblemException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient Json.@Nullable Obj extra;
    private final @Nullable Duration retryAfter;

    public ProblemException(
            int status, String code, String detail, Json.@Nullable Obj extra, @Nullable Duration retry) {
        super(detail);
        this.status = status;
        this.code = code;
        this.extra = extra;
        this.retryAfter = retry;
    }

    public ProblemException(int status, String code, String detail) {
        this(status, code, detail, null, null);
    }

    public ProblemException(int status, String code, String detail, Json.Obj extra) {
        this(status, code, detail, extra, null);
    }

    /** The service cannot answer now; the same request may go through later. */
    public static ProblemException unavailable(String detail) {
        return new ProblemException(503, "unavailable", detail, null, Duration.ofSeconds(2));
    }

    /** More is being done than may be at once; the same request goes through when some of it is done. */
    public static ProblemException tooMany(String detail) {
        return new ProblemException(429, "too-many-requests", detail, null, Duration.ofSeconds(2));
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public Reply reply() {
        Json.Builder body = Json.obj()
                .put("code", code)
                .put("detail", wellFormed(String.valueOf(getMessage())))
                .put("status", status)
                .put("title", title())
                .put("type", "https://terraseal.dev/problems/" + code);
        if (extra != null) {
            extra.members().forEach(body::put);
        }
        Reply reply =
                Reply.bytes(status, "application/problem+json", body.build().bytes());
        return retryAfter == null ? reply : reply.retryAfter(retryAfter);
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
            case 422 -> "The event cannot be accepted";
            case 429 -> "Too many requests";
            case 503 -> "Not now";
            default -> "Internal error";
        };
    }

    /** A message may quote what the caller sent; a lone surrogate in it must not break the answer. */
    private static String wellFormed(String text) {
        return new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8);
    }
}
