package dev.terraseal.testkit.s3;

import dev.terraseal.testkit.s3.S3Handler.Answer;
import dev.terraseal.testkit.s3.S3Handler.Request;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** PutObject, GetObject, HeadObject, DeleteObject and PutObjectRetention. */
final class ObjectOperations {
    /** Objects of these have to be restored before they can be read (AWS: GetObject, Errors, InvalidObjectState). */
    private static final Set<String> AWAY = Set.of("GLACIER", "DEEP_ARCHIVE");

    private static final String VERSION = "x-amz-version-id";
    private static final Pattern MODE = Pattern.compile("<Mode>([A-Z]*)</Mode>");
    private static final Pattern UNTIL = Pattern.compile("<RetainUntilDate>([^<]*)</RetainUntilDate>");

    Answer answer(Bucket bucket, Request request) throws S3Error {
        boolean retention = request.asks("retention");
        String method = request.method();
        if (method.equals("PUT")) {
            return retention ? retain(bucket, request) : put(bucket, request);
        }
        if ((method.equals("GET") || method.equals("HEAD")) && !retention) {
            return get(bucket, request);
        }
        if (method.equals("DELETE") && !retention) {
            return delete(bucket, request);
        }
        throw S3Handler.notImplemented(request);
    }

    private static Answer put(Bucket bucket, Request request) throws S3Error {
        boolean anyChecksum = request.header("Content-MD5") != null;
        for (String header : request.exchange().getRequestHeaders().keySet()) {
            String name = header.toLowerCase(java.util.Locale.ROOT);
            anyChecksum |= name.startsWith("x-amz-checksum-");
        }
        String type = request.header("Content-Type");
        String until = request.header("x-amz-object-lock-retain-until-date");
        ObjectVersion version = bucket.put(
                request.key(),
                new Bucket.Put(
                        request.body(),
                        type == null ? "binary/octet-stream" : type,
                        request.header("If-None-Match"),
                        request.header("If-Match"),
                        request.header("x-amz-checksum-sha256"),
                        anyChecksum,
                        request.header("x-amz-object-lock-mode"),
                        until == null ? null : date(until)));
        String storageClass = request.header("x-amz-storage-class");
        if (storageClass != null && AWAY.contains(storageClass)) {
            bucket.putAway(version);
        }
        return Answer.empty(200, Map.of(VERSION, version.id(), "ETag", Bucket.etag(version)));
    }

    private static Answer retain(Bucket bucket, Request request) throws S3Error {
        String xml = request.body().utf8();
        Matcher mode = MODE.matcher(xml);
        Matcher until = UNTIL.matcher(xml);
        if (!mode.find() || !until.find()) {
            bucket.unlock(request.key(), versionId(request));
            return Answer.empty(200, Map.of());
        }
        bucket.retain(
                request.key(),
                versionId(request),
                mode.group(1),
                date(until.group(1)),
                "true".equalsIgnoreCase(request.header("x-amz-bypass-governance-retention")));
        return Answer.empty(200, Map.of());
    }

    private static Answer get(Bucket bucket, Request request) throws S3Error {
        ObjectVersion version = bucket.get(request.key(), versionId(request));
        if (request.method().equals("GET") && bucket.isAway(version)) {
            throw new S3Error(403, "InvalidObjectState", "The operation is not valid for the object's storage class");
        }
        Map<String, String> headers = new HashMap<>();
        headers.put(VERSION, version.id());
        headers.put("ETag", Bucket.etag(version));
        headers.put("Content-Type", version.contentType());
        headers.put(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(version.modified().atOffset(ZoneOffset.UTC)));
        ObjectVersion.Lock lock = version.lock();
        if (lock != null) {
            headers.put("x-amz-object-lock-mode", lock.mode());
            headers.put("x-amz-object-lock-retain-until-date", lock.until().toString());
        }
        return new Answer(200, headers, version.requireContent());
    }

    private static Answer delete(Bucket bucket, Request request) throws S3Error {
        String id = versionId(request);
        if (id == null) {
            ObjectVersion marker = bucket.deleteCurrent(request.key());
            return Answer.empty(204, Map.of(VERSION, marker.id(), "x-amz-delete-marker", "true"));
        }
        boolean bypass = "true".equalsIgnoreCase(request.header("x-amz-bypass-governance-retention"));
        ObjectVersion gone = bucket.deleteVersion(request.key(), id, bypass);
        return Answer.empty(204, Map.of(VERSION, gone.id()));
    }

    private static @Nullable String versionId(Request request) {
        return request.asks("versionId") ? request.parameter("versionId") : null;
    }

    private static Instant date(String text) throws S3Error {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException wrong) {
            throw S3Error.invalid("InvalidArgument", "The retain until date must be provided in ISO 8601 format");
        }
    }
}
