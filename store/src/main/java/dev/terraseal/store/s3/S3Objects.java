package dev.terraseal.store.s3;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ObjectLock;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Single objects in a bucket: each method is one call, and its failures are in our words. */
final class S3Objects {
    private final S3Client client;
    private final S3Location location;
    private final AttemptTime time;

    /** What a mutable object holds, and the entity tag a conditional write compares. */
    record Current(Bytes content, String etag) {
        /** One the service has and does not give, because of how somebody stored it. */
        private static final Current UNREADABLE = new Current(Bytes.EMPTY, "");
    }

    S3Objects(S3Client client, S3Location location, AttemptTime time) {
        this.client = client;
        this.location = location;
        this.time = time;
    }

    /**
     * Puts a version locked in COMPLIANCE mode.
     *
     * @param onlyFirst refuse if the name has a version; some services ignore this
     * @return the id of the version, empty if {@code onlyFirst} refused it
     */
    Optional<String> putLocked(String name, Bytes content, Instant retainUntil, boolean onlyFirst)
            throws StoreException {
        PutObjectRequest.Builder request =
                request(name, content).objectLockMode(ObjectLockMode.COMPLIANCE).objectLockRetainUntilDate(retainUntil);
        if (onlyFirst) {
            request.ifNoneMatch("*");
        }
        return put(name, request.build(), content);
    }

    /**
     * Puts a version without a lock; {@code replacing} names what must be there now, {@code ""} that nothing must. False if
     * it is not there: changed since, or under a delete marker, which the service answers in another way.
     */
    boolean putMutable(String name, Bytes content, @Nullable String replacing) throws StoreException {
        PutObjectRequest.Builder request = request(name, content);
        if (replacing != null && replacing.isEmpty()) {
            request.ifNoneMatch("*");
        } else if (replacing != null) {
            request.ifMatch(replacing);
        }
        return put(name, request.build(), content).isPresent();
    }

    private PutObjectRequest.Builder request(String name, Bytes content) {
        return PutObjectRequest.builder()
                .bucket(location.bucket())
                .key(location.key(name))
                .contentType(ContentTypes.of(name))
                .checksumSHA256(Digest.of(content).base64())
                .overrideConfiguration(call -> call.apiCallAttemptTimeout(time.of(content.length())));
    }

    private Optional<String> put(String name, PutObjectRequest request, Bytes content) throws StoreException {
        try {
            // fromBytes copies; the content itself never leaves our hands.
            String version = client.putObject(request, RequestBody.fromBytes(content.toByteArray()))
                    .versionId();
            if (version == null) {
                throw StoreException.lasting("the service gave " + location.key(name) + " no version id: bucket "
                        + location.bucket() + " has no versioning, and so no Object Lock");
            }
            return Optional.of(version);
        } catch (S3Exception refused) {
            if (refused.statusCode() == S3Failures.PRECONDITION_FAILED
                    || request.ifMatch() != null && S3Failures.isNoSuchKey(refused)) {
                return Optional.empty();
            }
            throw S3Failures.of("write", location + name, refused);
        } catch (SdkException | UncheckedIOException failed) {
            throw S3Failures.of("write", location + name, failed);
        }
    }

    /**
     * The content of one version; empty if it is no longer there or the service does not give it. Of one that is longer than
     * its name allows it is the beginning, and longer than that too.
     */
    Optional<Bytes> get(String name, String version) throws StoreException {
        return fetch(name, version)
                .filter(read -> !read.equals(Current.UNREADABLE))
                .map(Current::content);
    }

    /** As {@link #get}; no bytes for one the service does not give. */
    Optional<Bytes> getOrNothing(String name, String version) throws StoreException {
        return fetch(name, version).map(Current::content);
    }

    /** What the name holds now; empty where there is nothing or a delete marker. */
    Optional<Current> current(String name) throws StoreException {
        return fetch(name, null);
    }

    private Optional<Current> fetch(String name, @Nullable String version) throws StoreException {
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(location.bucket())
                .key(location.key(name))
                .versionId(version)
                .overrideConfiguration(call -> call.apiCallAttemptTimeout(time.of(ArchiveNames.most(name))))
                .build();
        try {
            int most = Math.toIntExact(ArchiveNames.most(name)) + 1;
            return Optional.of(client.getObject(request, (answer, body) -> beginning(answer, body, most)));
        } catch (S3Exception refused) {
            String code = refused.awsErrorDetails() == null
                    ? ""
                    : refused.awsErrorDetails().errorCode();
            if (refused.statusCode() == S3Failures.NOT_FOUND && !"NoSuchBucket".equals(code)) {
                return Optional.empty();
            }
            if (S3Failures.isOfHowItWasStored(refused)) {
                return Optional.of(Current.UNREADABLE);
            }
            throw S3Failures.of("read", location + name, refused);
        } catch (SdkException | UncheckedIOException failed) {
            throw S3Failures.of("read", location + name, failed);
        }
    }

    private static Current beginning(GetObjectResponse answer, AbortableInputStream body, int most) {
        try {
            byte[] content = body.readNBytes(most);
            if (content.length == most) {
                // Closing it would read the rest first.
                body.abort();
            }
            return new Current(Bytes.wrap(content), answer.eTag());
        } catch (IOException halfWay) {
            throw new UncheckedIOException(halfWay);
        }
    }

    /** The lock of one version; empty if it is not there. */
    Optional<ObjectLock> lock(String name, String version) throws StoreException {
        try {
            HeadObjectResponse head = client.headObject(request ->
                    request.bucket(location.bucket()).key(location.key(name)).versionId(version));
            Instant until = head.objectLockRetainUntilDate();
            if (head.objectLockMode() == null || until == null) {
                return Optional.of(ObjectLock.NONE);
            }
            boolean compliance = head.objectLockMode() == ObjectLockMode.COMPLIANCE;
            return Optional.of(
                    new ObjectLock(compliance ? ObjectLock.Mode.COMPLIANCE : ObjectLock.Mode.GOVERNANCE, until));
        } catch (S3Exception refused) {
            if (refused.statusCode() == S3Failures.NOT_FOUND) {
                return Optional.empty();
            }
            throw S3Failures.of("read the lock of", location + name, refused);
        } catch (SdkException | UncheckedIOException failed) {
            throw S3Failures.of("read the lock of", location + name, failed);
        }
    }

    /**
     * Locks in COMPLIANCE mode until then or, where somebody put it there locked for longer, until the date it has: the
     * service would refuse to make a lock shorter, for good, and what is planted must stop nobody.
     *
     * @param now its lock
     * @return false if it is locked in GOVERNANCE mode and the service does not let us change that
     */
    boolean lockUntil(String name, String version, ObjectLock now, Instant retainUntil) throws StoreException {
        if (now.holdsUntil(retainUntil)) {
            return true;
        }
        Instant theirs = now.retainUntil();
        Instant until = theirs != null && theirs.isAfter(retainUntil) ? theirs : retainUntil;
        try {
            client.putObjectRetention(request -> request.bucket(location.bucket())
                    .key(location.key(name))
                    .versionId(version)
                    .retention(retention ->
                            retention.mode(ObjectLockRetentionMode.COMPLIANCE).retainUntilDate(until)));
            return true;
        } catch (S3Exception refused) {
            if (refused.statusCode() == S3Failures.FORBIDDEN && now.mode() == ObjectLock.Mode.GOVERNANCE) {
                return false;
            }
            throw S3Failures.of("lock", location + name, refused);
        } catch (SdkException | UncheckedIOException failed) {
            throw S3Failures.of("lock", location + name, failed);
        }
    }

    void delete(String name) throws StoreException {
        try {
            client.deleteObject(request -> request.bucket(location.bucket()).key(location.key(name)));
        } catch (SdkException | UncheckedIOException failed) {
            throw S3Failures.of("delete", location + name, failed);
        }
    }
}
