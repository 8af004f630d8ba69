package dev.terraseal.store.s3;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.ObjectLock;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import dev.terraseal.store.VersionedStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An archive in a bucket with Object Lock. Each locked object is put in COMPLIANCE mode with its own date, with an explicit
 * SHA-256 and {@code If-None-Match: *}.
 *
 * <p>Object Lock protects versions, not names: anyone who may write can put a newer version or a delete marker on top. And
 * not every service honours {@code If-None-Match}. So what counts is settled after each put by listing the versions, and
 * everything is read by version id.
 */
public final class S3Store implements ArchiveStore, VersionedStore {
    private final S3Client client;
    private final S3Location location;
    private final S3Objects objects;
    private final S3Versions versions;
    private final S3Locks locks;

    private S3Store(S3Client client, S3Location location) {
        this.client = client;
        this.location = location;
        this.objects = new S3Objects(client, location, AttemptTime.standard());
        this.versions = new S3Versions(client, location);
        this.locks = new S3Locks(objects, versions);
    }

    /** Opens an archive that is only read; the bucket is not examined. */
    public static S3Store openForReading(S3Location location, AwsCredentialsProvider credentials)
            throws StoreException {
        return new S3Store(S3Clients.open(location, credentials), location);
    }

    /**
     * Opens an archive that is written.
     *
     * @throws StoreException lasting, if the bucket has no Object Lock or a default retention: the message says what to set
     */
    public static S3Store open(S3Location location, AwsCredentialsProvider credentials) throws StoreException {
        return open(location, credentials, sent -> {});
    }

    /** @param requests told the HTTP method of every request that is sent, retries among them */
    public static S3Store open(S3Location location, AwsCredentialsProvider credentials, Consumer<String> requests)
            throws StoreException {
        S3Client client = S3Clients.open(location, credentials, requests);
        try {
            BucketRules.require(client, location);
            return new S3Store(client, location);
        } catch (StoreException refused) {
            client.close();
            throw refused;
        }
    }

    @Override
    public Stored keep(String name, Bytes content, Instant retainUntil, Validity validity) throws StoreException {
        ArchiveNames.requireName(name);
        if (!validity.holds(content)) {
            throw new IllegalArgumentException("what is to be kept as " + name + " is not valid itself");
        }
        if (content.length() > ArchiveNames.most(name)) {
            throw StoreException.lasting(location + name + " has " + content.length() + " bytes; readers take "
                    + ArchiveNames.most(name) + " at most");
        }
        Optional<String> mine = objects.putLocked(name, content, retainUntil, true);
        if (mine.isPresent() && isOldest(name, mine.get())) {
            return new Stored(name, mine.get(), content);
        }
        Optional<Stored> oldest = read(name, validity);
        if (oldest.isEmpty()) {
            // Only invalid versions were there: they do not block the name.
            objects.putLocked(name, content, retainUntil, false);
            oldest = read(name, validity);
        }
        Stored counts = oldest.orElseThrow(() -> StoreException.passing(
                location + name + " was written and is not there; is something deleting versions without a lock?",
                new IllegalStateException("no valid version after a put")));
        // It may be someone else's, put there without a lock in order to be deleted later.
        extend(name, counts.version(), retainUntil);
        return counts;
    }

    private boolean isOldest(String name, String version) throws StoreException {
        List<Version> history = versions.of(name);
        return !history.isEmpty() && history.get(0).id().equals(version);
    }

    @Override
    public void hold(String name, String version, Instant retainUntil) throws StoreException {
        ObjectLock lock = objects.lock(ArchiveNames.requireName(name), version)
                .orElseThrow(() -> StoreException.passing(location + name
                        + " was there and is not any more; is something deleting versions without a lock?"));
        locks.require(name, version, lock, retainUntil);
    }

    @Override
    public void replace(String name, Bytes content) throws StoreException {
        objects.putMutable(ArchiveNames.requireName(name), content, null);
    }

    @Override
    public boolean advance(String name, Bytes content, Validity mayGo) throws StoreException {
        Optional<S3Objects.Current> current = objects.current(ArchiveNames.requireName(name));
        if (current.isPresent() && !mayGo.holds(current.get().content())) {
            return false;
        }
        if (objects.putMutable(
                name, content, current.map(S3Objects.Current::etag).orElse(""))) {
            return true;
        }
        if (current.isEmpty() || !objects.current(name).equals(current)) {
            return false;
        }
        // Nobody wrote: the service (Ceph RGW 16.2) refuses the condition itself in a versioned bucket. Without it two
        // writers in the same moment could leave the smaller one, which the larger one's next call puts right.
        return objects.putMutable(name, content, null);
    }

    @Override
    public void discard(String name) throws StoreException {
        objects.delete(ArchiveNames.requireName(name));
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) throws StoreException {
        List<Version> history = versions(name);
        for (Version version : history) {
            if (version.deleteMarker() || version.length() > ArchiveNames.most(name)) {
                continue;
            }
            Optional<Bytes> content = objects.get(name, version.id());
            if (content.isPresent() && validity.holds(content.get())) {
                return Optional.of(new Stored(name, version.id(), content.get(), history.size() == 1));
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Bytes> readNewest(String name) throws StoreException {
        return objects.current(ArchiveNames.requireName(name)).map(S3Objects.Current::content);
    }

    @Override
    public List<Version> versions(String name) throws StoreException {
        return versions.of(ArchiveNames.requireName(name));
    }

    @Override
    public void histories(String prefix, Visitor visitor) throws StoreException {
        versions.histories(prefix, visitor);
    }

    @Override
    public Optional<Bytes> content(String name, String version) throws StoreException {
        return objects.getOrNothing(name, version);
    }

    @Override
    public Optional<ObjectLock> lock(String name, String version) throws StoreException {
        return objects.lock(name, version);
    }

    @Override
    public void extend(String name, String version, Instant retainUntil) throws StoreException {
        Optional<ObjectLock> lock = objects.lock(name, version);
        if (lock.isPresent()) {
            locks.require(name, version, lock.get(), retainUntil);
        }
    }

    @Override
    public Optional<String> unfit() throws StoreException {
        try {
            BucketRules.require(client, location);
            return Optional.empty();
        } catch (StoreException refused) {
            if (refused.retryable()) {
                throw refused;
            }
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    @Override
    public List<String> names(String prefix, String after, int limit) throws StoreException {
        return versions.names(prefix, after, limit);
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException {
        return new NewestNumber(versions, prefix, suffix, bound).find();
    }

    @Override
    public String immutability() {
        return "S3 Object Lock COMPLIANCE";
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return location.toString();
    }
}
