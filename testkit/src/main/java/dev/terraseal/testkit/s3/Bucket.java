package dev.terraseal.testkit.s3;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A versioned bucket and its rules. Every method is one atomic step. */
final class Bucket {
    static final String COMPLIANCE = "COMPLIANCE";
    static final String GOVERNANCE = "GOVERNANCE";

    final boolean objectLock;
    private final Set<Quirk> quirks;
    private final InstantSource clock;
    /** Oldest version first. Keys are ASCII here, whose order as strings is that of their UTF-8 bytes. */
    private final TreeMap<String, List<ObjectVersion>> keys = new TreeMap<>();

    /** Ids of versions in a storage class from which they have to be restored before they can be read. */
    private final Set<String> away = new HashSet<>();

    private long made;
    private @Nullable String defaultRetention;

    /** The headers of a put that have rules. */
    record Put(
            Bytes content,
            String contentType,
            @Nullable String ifNoneMatch,
            @Nullable String ifMatch,
            @Nullable String sha256,
            boolean anyChecksum,
            @Nullable String lockMode,
            @Nullable Instant lockUntil) {}

    Bucket(boolean objectLock, Set<Quirk> quirks, InstantSource clock) {
        this.objectLock = objectLock;
        this.quirks = quirks;
        this.clock = clock;
    }

    synchronized @Nullable String defaultRetention() {
        return defaultRetention;
    }

    synchronized void defaultRetention(@Nullable String rule) {
        defaultRetention = rule;
    }

    synchronized ObjectVersion put(String key, Put put) throws S3Error {
        requireChecksum(put);
        ObjectVersion current = newest(key);
        if (put.ifNoneMatch() != null && !quirks.contains(Quirk.IGNORES_IF_NONE_MATCH)) {
            // AWS: User Guide, Conditional writes: a delete marker as the current version lets the put through.
            if (!put.ifNoneMatch().equals("*")) {
                throw new S3Error(501, "NotImplemented", "If-None-Match takes only *");
            }
            if (current != null && !current.isMarker()) {
                throw S3Error.preconditionFailed();
            }
        }
        if (put.ifMatch() != null) {
            if (quirks.contains(Quirk.REFUSES_IF_MATCH)) {
                throw S3Error.preconditionFailed();
            }
            if (current == null || current.isMarker()) {
                throw S3Error.noSuchKey();
            }
            if (!put.ifMatch().equals(etag(current))) {
                throw S3Error.preconditionFailed();
            }
        }
        return add(key, put.content(), put.contentType(), requireLock(put));
    }

    synchronized void plant(String key, Bytes content) {
        add(key, content, "binary/octet-stream", null);
    }

    private void requireChecksum(Put put) throws S3Error {
        if (put.sha256() != null
                && !quirks.contains(Quirk.IGNORES_CHECKSUM)
                && !put.sha256().equals(Digest.of(put.content()).base64())) {
            // AWS: User Guide, Checking object integrity.
            throw S3Error.invalid("BadDigest", "The SHA256 you specified did not match the calculated checksum.");
        }
    }

    private ObjectVersion.@Nullable Lock requireLock(Put put) throws S3Error {
        if (put.lockMode() == null && put.lockUntil() == null) {
            return null;
        }
        if (put.lockMode() == null || put.lockUntil() == null) {
            throw S3Error.invalid(
                    "InvalidArgument",
                    "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
        }
        if (!objectLock) {
            throw S3Error.invalid("InvalidRequest", "Bucket is missing Object Lock Configuration");
        }
        if (!put.anyChecksum()) {
            // AWS: API Reference, PutObject: required for any request with a retention period.
            throw S3Error.invalid(
                    "InvalidRequest",
                    "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters");
        }
        return lock(put.lockMode(), put.lockUntil());
    }

    /** AWS: User Guide, Object Lock considerations: the date must be in the future. */
    private ObjectVersion.Lock lock(String mode, Instant until) throws S3Error {
        if (!mode.equals(COMPLIANCE) && !mode.equals(GOVERNANCE)) {
            throw S3Error.invalid("MalformedXML", "Unknown wormMode directive.");
        }
        if (!until.isAfter(clock.instant())) {
            throw S3Error.invalid("InvalidArgument", "The retain until date must be in the future!");
        }
        return new ObjectVersion.Lock(mode, until);
    }

    /** A newer version hides the older ones and takes nothing from them. */
    private ObjectVersion add(
            String key, @Nullable Bytes content, String contentType, ObjectVersion.@Nullable Lock lock) {
        String id = Digest.of(Bytes.utf8("version " + made++)).hex().substring(0, 32);
        ObjectVersion version =
                new ObjectVersion(id, content, contentType, clock.instant().truncatedTo(ChronoUnit.SECONDS), lock);
        keys.computeIfAbsent(key, k -> new ArrayList<>()).add(version);
        return version;
    }

    synchronized void putAway(ObjectVersion version) {
        away.add(version.id());
    }

    synchronized boolean isAway(ObjectVersion version) {
        return away.contains(version.id());
    }

    private @Nullable ObjectVersion newest(String key) {
        List<ObjectVersion> versions = keys.get(key);
        return versions == null ? null : versions.get(versions.size() - 1);
    }

    synchronized ObjectVersion get(String key, @Nullable String id) throws S3Error {
        if (id == null) {
            ObjectVersion newest = newest(key);
            if (newest == null || newest.isMarker()) {
                throw S3Error.noSuchKey();
            }
            return newest;
        }
        ObjectVersion version = find(key, id);
        if (version.isMarker()) {
            throw new S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
        }
        return version;
    }

    private ObjectVersion find(String key, String id) throws S3Error {
        for (ObjectVersion version : keys.getOrDefault(key, List.of())) {
            if (version.id().equals(id)) {
                return version;
            }
        }
        throw new S3Error(404, "NoSuchVersion", "The specified version does not exist.");
    }

    /** AWS: User Guide, Deleting object versions: without a version id a marker goes on top and nothing is removed. */
    synchronized ObjectVersion deleteCurrent(String key) {
        return add(key, null, "", null);
    }

    /** AWS: User Guide, Object Lock: in COMPLIANCE mode nobody, the root user included, deletes before the date. */
    synchronized ObjectVersion deleteVersion(String key, String id, boolean bypassGovernance) throws S3Error {
        ObjectVersion version = find(key, id);
        ObjectVersion.Lock lock = version.lock();
        boolean bypassed = lock != null && lock.mode().equals(GOVERNANCE) && bypassGovernance;
        if (lock != null && lock.active(clock.instant()) && !bypassed && !quirks.contains(Quirk.IGNORES_LOCK)) {
            throw S3Error.accessDenied("Access Denied because object protected by object lock.");
        }
        List<ObjectVersion> versions = keys.getOrDefault(key, List.of());
        versions.remove(version);
        if (versions.isEmpty()) {
            keys.remove(key);
        }
        return version;
    }

    /** AWS: User Guide, Object Lock, retention modes: a COMPLIANCE period is extended, never shortened or changed in mode. */
    synchronized void retain(String key, @Nullable String id, String mode, Instant until, boolean bypassGovernance)
            throws S3Error {
        if (!objectLock) {
            throw S3Error.invalid("InvalidRequest", "Bucket is missing Object Lock Configuration");
        }
        ObjectVersion version = get(key, id);
        ObjectVersion.Lock old = version.lock();
        boolean fixed = old != null
                && old.active(clock.instant())
                && (old.mode().equals(COMPLIANCE) || !bypassGovernance)
                && !quirks.contains(Quirk.IGNORES_LOCK);
        boolean weaker = old != null
                && (until.isBefore(old.until())
                        || old.mode().equals(COMPLIANCE) && mode.equals(GOVERNANCE)
                        || !old.mode().equals(mode) && quirks.contains(Quirk.REFUSES_ANOTHER_MODE));
        if (fixed && weaker) {
            throw S3Error.accessDenied("Access Denied because object protected by object lock.");
        }
        List<ObjectVersion> versions = keys.getOrDefault(key, List.of());
        versions.set(versions.indexOf(version), version.withLock(lock(mode, until)));
    }

    /** An empty Retention element: Ceph RGW 16.2 and the documented schema know none. */
    synchronized void unlock(String key, @Nullable String id) throws S3Error {
        if (!quirks.contains(Quirk.IGNORES_LOCK)) {
            throw S3Error.invalid("MalformedXML", "The XML you provided was not well-formed");
        }
        ObjectVersion version = get(key, id);
        List<ObjectVersion> versions = keys.getOrDefault(key, List.of());
        versions.set(versions.indexOf(version), version.withLock(null));
    }

    /** Keys in byte order and their versions newest first, from just after the marker; see {@link VersionPage}. */
    synchronized VersionPage list(String prefix, String keyMarker, String versionMarker, int limit) {
        return VersionPage.of(keys.tailMap(keyMarker, true), prefix, keyMarker, versionMarker, limit);
    }

    static String etag(ObjectVersion version) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            version.requireContent().update(md5);
            return "\"" + HexFormat.of().formatHex(md5.digest()) + "\"";
        } catch (NoSuchAlgorithmException none) {
            throw new IllegalStateException("every Java platform must have MD5", none);
        }
    }
}
