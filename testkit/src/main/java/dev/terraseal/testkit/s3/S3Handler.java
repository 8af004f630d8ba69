package dev.terraseal.testkit.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes requests apart, finds who answers them, and lets faults in. */
final class S3Handler implements HttpHandler {
    private static final Set<String> PARAMETERS = Set.of(
            "versions",
            "versionId",
            "prefix",
            "key-marker",
            "version-id-marker",
            "max-keys",
            "encoding-type",
            "object-lock",
            "retention",
            "versioning",
            "delete",
            "x-id");

    private final S3StandIn s3;
    private final ObjectOperations objects;
    private final BucketOperations bucketOperations;

    S3Handler(S3StandIn s3) {
        this.s3 = s3;
        this.objects = new ObjectOperations();
        this.bucketOperations = new BucketOperations(s3);
    }

    /** A request; {@code key} is empty for one about the bucket. */
    record Request(
            String method, String bucket, String key, Map<String, String> query, HttpExchange exchange, Bytes body) {
        @Nullable String header(String name) {
            return exchange.getRequestHeaders().getFirst(name);
        }

        boolean asks(String parameter) {
            return query.containsKey(parameter);
        }

        String parameter(String name) {
            return query.getOrDefault(name, "");
        }
    }

    /** An answer. */
    record Answer(int status, Map<String, String> headers, Bytes body) {
        static Answer xml(String xml) {
            return new Answer(200, Map.of("Content-Type", "application/xml"), Bytes.utf8(xml));
        }

        static Answer empty(int status, Map<String, String> headers) {
            return new Answer(status, headers, Bytes.EMPTY);
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                Request request = read(exchange);
                boolean write =
                        !request.method().equals("GET") && !request.method().equals("HEAD");
                Fault fault = s3.nextFault(write);
                answer = fault == null || fault == Fault.HALF_AN_ANSWER ? answer(request) : faulty(request, fault);
                if (fault == Fault.DROP_AFTER_PERSISTING) {
                    return;
                }
                if (fault == Fault.HALF_AN_ANSWER) {
                    sendHalf(exchange, answer);
                    return;
                }
            } catch (S3Error refused) {
                answer = error(refused);
            }
            send(exchange, answer);
        }
    }

    private Answer faulty(Request request, Fault fault) throws S3Error {
        if (fault == Fault.DELETED_JUST_BEFORE) {
            Bucket bucket = s3.buckets.get(request.bucket());
            if (bucket != null) {
                bucket.deleteCurrent(request.key());
            }
            return answer(request);
        }
        if (fault == Fault.THROTTLE) {
            throw new S3Error(503, "SlowDown", "Please reduce your request rate.");
        }
        if (fault != Fault.FAIL) {
            answer(request);
        }
        throw new S3Error(500, "InternalError", "We encountered an internal error. Please try again.");
    }

    private Answer answer(Request request) throws S3Error {
        requireSigned(request);
        for (String parameter : request.query().keySet()) {
            if (!PARAMETERS.contains(parameter)) {
                throw notImplemented(request);
            }
        }
        if (s3.denied.contains(action(request))) {
            throw S3Error.accessDenied("Access Denied");
        }
        if (request.key().isEmpty()) {
            return bucketOperations.answer(request);
        }
        Bucket bucket = s3.buckets.get(request.bucket());
        if (bucket == null) {
            throw BucketOperations.noSuchBucket();
        }
        try {
            return objects.answer(bucket, request);
        } catch (S3Error nothing) {
            // AWS: GetObject, HeadObject, "Permissions": without s3:ListBucket what is not there is 403, not 404.
            if (nothing.code().equals("NoSuchKey") && reads(request) && s3.denied.contains("s3:ListBucket")) {
                throw S3Error.accessDenied("Access Denied");
            }
            throw nothing;
        }
    }

    private static boolean reads(Request request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    /** AWS: Service Authorization Reference, Amazon S3: what a request that reads needs. */
    private static String action(Request request) {
        if (!reads(request)) {
            return "s3:write";
        }
        if (!request.key().isEmpty()) {
            return "s3:GetObjectVersion";
        }
        return request.asks("object-lock")
                ? "s3:GetBucketObjectLockConfiguration"
                : request.asks("versions") ? "s3:ListBucketVersions" : "s3:ListBucket";
    }

    /** AWS: User Guide, Signature calculations for the Authorization header: the payload's hash is part of what is signed. */
    private static void requireSigned(Request request) throws S3Error {
        String authorization = request.header("Authorization");
        String date = request.header("x-amz-date");
        if (authorization == null
                || date == null
                || !authorization.matches(
                        "AWS4-HMAC-SHA256 Credential=[^/]+/\\d{8}/[^/]+/s3/aws4_request, ?SignedHeaders=[^,]+, ?Signature=[0-9a-f]{64}")) {
            throw S3Error.accessDenied("Access Denied: the request is not signed with Signature Version 4");
        }
        String payload = request.header("x-amz-content-sha256");
        if (payload == null) {
            throw S3Error.invalid("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
        }
        if (payload.startsWith("STREAMING-")) {
            // Ceph RGW 16.2 answers XAmzContentSHA256Mismatch to a trailer it does not know.
            throw new S3Error(501, "NotImplemented", "aws-chunked bodies are not taken here");
        }
        if (!payload.equals("UNSIGNED-PAYLOAD")
                && !payload.equals(Digest.of(request.body()).hex())) {
            throw S3Error.invalid(
                    "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.");
        }
    }

    static S3Error notImplemented(Request request) {
        return new S3Error(
                501,
                "NotImplemented",
                "the stand-in does not know " + request.method() + " with "
                        + request.query().keySet());
    }

    private static Request read(HttpExchange exchange) throws IOException {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        if (raw != null) {
            for (String part : raw.split("&", -1)) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                query.put(decode(name), equals < 0 ? "" : decode(part.substring(equals + 1)));
            }
        }
        String path = exchange.getRequestURI().getPath().substring(1);
        int slash = path.indexOf('/');
        return new Request(
                exchange.getRequestMethod(),
                slash < 0 ? path : path.substring(0, slash),
                slash < 0 ? "" : path.substring(slash + 1),
                query,
                exchange,
                Bytes.wrap(exchange.getRequestBody().readAllBytes()));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Answer error(S3Error refused) {
        String message =
                String.valueOf(refused.getMessage()).replace("&", "&amp;").replace("<", "&lt;");
        return new Answer(
                refused.status(),
                Map.of("Content-Type", "application/xml"),
                Bytes.utf8("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + refused.code()
                        + "</Code><Message>" + message + "</Message></Error>"));
    }

    /** Of an answer without a body nothing at all. */
    private static void sendHalf(HttpExchange exchange, Answer answer) throws IOException {
        if (answer.body().isEmpty() || exchange.getRequestMethod().equals("HEAD")) {
            return;
        }
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), answer.body().length());
        exchange.getResponseBody()
                .write(answer.body().slice(0, answer.body().length() / 2).toByteArray());
        exchange.getResponseBody().flush();
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        boolean bodyless =
                exchange.getRequestMethod().equals("HEAD") || answer.body().isEmpty();
        exchange.sendResponseHeaders(
                answer.status(), bodyless ? -1 : answer.body().length());
        if (!bodyless) {
            try (OutputStream out = exchange.getResponseBody()) {
                answer.body().writeTo(out);
            }
        }
    }
}
