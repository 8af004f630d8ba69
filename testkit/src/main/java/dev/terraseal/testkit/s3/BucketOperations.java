package dev.terraseal.testkit.s3;

import dev.terraseal.testkit.s3.S3Handler.Answer;
import dev.terraseal.testkit.s3.S3Handler.Request;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CreateBucket, HeadBucket, PutBucketVersioning, PutObjectLockConfiguration, GetObjectLockConfiguration, ListObjectVersions and
 * DeleteObjects.
 */
final class BucketOperations {
    private static final int PAGE_MAX = 1000;
    private static final Pattern OBJECT = Pattern.compile("<Object>(.*?)</Object>", Pattern.DOTALL);

    private final S3StandIn s3;

    BucketOperations(S3StandIn s3) {
        this.s3 = s3;
    }

    static S3Error noSuchBucket() {
        return new S3Error(404, "NoSuchBucket", "The specified bucket does not exist");
    }

    Answer answer(Request request) throws S3Error {
        boolean creates = !request.asks("object-lock") && !request.asks("versioning");
        if (request.method().equals("PUT") && creates) {
            return create(request);
        }
        Bucket bucket = s3.buckets.get(request.bucket());
        if (bucket == null) {
            throw noSuchBucket();
        }
        if (request.method().equals("PUT")) {
            return request.asks("versioning") ? version(bucket, request) : configureLock(bucket, request);
        }
        if (request.method().equals("POST") && request.asks("delete")) {
            return deleteSeveral(bucket, request);
        }
        if (request.method().equals("HEAD")) {
            return Answer.empty(200, Map.of());
        }
        if (request.method().equals("GET") && request.asks("object-lock")) {
            return lockConfiguration(bucket);
        }
        if (request.method().equals("GET") && request.asks("versions")) {
            return versions(bucket, request);
        }
        throw S3Handler.notImplemented(request);
    }

    /** AWS: API Reference, CreateBucket: the header makes it versioned and able to lock. */
    private Answer create(Request request) throws S3Error {
        boolean lock = "true".equalsIgnoreCase(request.header("x-amz-bucket-object-lock-enabled"));
        Bucket made = new Bucket(lock, s3.quirks, s3.clock);
        if (s3.buckets.putIfAbsent(request.bucket(), made) != null) {
            throw new S3Error(409, "BucketAlreadyOwnedByYou", "Your previous request to create the bucket succeeded");
        }
        return Answer.empty(200, Map.of("Location", "/" + request.bucket()));
    }

    /** AWS: User Guide, Object Lock considerations: versioning of a bucket with Object Lock cannot be suspended. */
    private static Answer version(Bucket bucket, Request request) throws S3Error {
        if (bucket.objectLock && !request.body().utf8().contains("<Status>Enabled</Status>")) {
            throw new S3Error(
                    409,
                    "InvalidBucketState",
                    "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
        }
        return Answer.empty(200, Map.of());
    }

    /** AWS: API Reference, DeleteObjects: the answer is 200, and each key's own result is in it. */
    private static Answer deleteSeveral(Bucket bucket, Request request) {
        boolean bypass = "true".equalsIgnoreCase(request.header("x-amz-bypass-governance-retention"));
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><DeleteResult>");
        Matcher objects = OBJECT.matcher(request.body().utf8());
        while (objects.find()) {
            String key = text(objects.group(1), "Key");
            String version = text(objects.group(1), "VersionId");
            xml.append(deleted(bucket, key, version, bypass));
        }
        return Answer.xml(xml.append("</DeleteResult>").toString());
    }

    private static String deleted(Bucket bucket, String key, String version, boolean bypass) {
        try {
            if (version.isEmpty()) {
                bucket.deleteCurrent(key);
            } else {
                bucket.deleteVersion(key, version, bypass);
            }
            return "<Deleted><Key>" + key + "</Key></Deleted>";
        } catch (S3Error refused) {
            return "<Error><Key>" + key + "</Key><VersionId>" + version + "</VersionId><Code>" + refused.code()
                    + "</Code><Message>" + refused.getMessage() + "</Message></Error>";
        }
    }

    private static String text(String xml, String element) {
        int begin = xml.indexOf("<" + element + ">");
        return begin < 0 ? "" : xml.substring(begin + element.length() + 2, xml.indexOf("</" + element + ">", begin));
    }

    private static Answer configureLock(Bucket bucket, Request request) throws S3Error {
        if (!bucket.objectLock) {
            throw new S3Error(409, "InvalidBucketState", "Object Lock is not enabled for this bucket");
        }
        String xml = request.body().utf8();
        int rule = xml.indexOf("<Rule>");
        bucket.defaultRetention(rule < 0 ? null : xml.substring(rule, xml.indexOf("</Rule>") + "</Rule>".length()));
        return Answer.empty(200, Map.of());
    }

    private static Answer lockConfiguration(Bucket bucket) throws S3Error {
        if (!bucket.objectLock) {
            throw new S3Error(
                    404,
                    "ObjectLockConfigurationNotFoundError",
                    "Object Lock configuration does not exist for this bucket");
        }
        String rule = bucket.defaultRetention();
        return Answer.xml("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ObjectLockConfiguration>"
                + "<ObjectLockEnabled>Enabled</ObjectLockEnabled>" + (rule == null ? "" : rule)
                + "</ObjectLockConfiguration>");
    }

    private static Answer versions(Bucket bucket, Request request) {
        int limit = request.parameter("max-keys").isEmpty()
                ? PAGE_MAX
                : Math.min(PAGE_MAX, Integer.parseInt(request.parameter("max-keys")));
        VersionPage page = bucket.list(
                request.parameter("prefix"),
                request.parameter("key-marker"),
                request.parameter("version-id-marker"),
                limit);
        return Answer.xml(page.xml(request.bucket(), request.parameter("prefix"), request.asks("encoding-type")));
    }
}
