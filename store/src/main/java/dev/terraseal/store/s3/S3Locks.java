package dev.terraseal.store.s3;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.store.ObjectLock;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Version;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sees to it that what somebody else put there, or put there long ago, stays as long as one of ours would. */
final class S3Locks {
    private final S3Objects objects;
    private final S3Versions versions;

    S3Locks(S3Objects objects, S3Versions versions) {
        this.objects = objects;
        this.versions = versions;
    }

    /**
     * Locks a version or, where it is locked in GOVERNANCE mode and the service does not let us change that, a copy of its
     * bytes above it: whoever may bypass such a lock can take that version away, and then the copy counts.
     *
     * @param now its lock
     */
    void require(String name, String version, ObjectLock now, Instant retainUntil) throws StoreException {
        if (objects.lockUntil(name, version, now, retainUntil)) {
            return;
        }
        Optional<Bytes> content = objects.get(name, version);
        if (content.isPresent() && !holdsCopy(name, version, content.get(), retainUntil)) {
            objects.putLocked(name, content.get(), retainUntil, false);
        }
    }

    /** Whether a copy from an earlier time is there and can be held for longer; else each call would make one more. */
    private boolean holdsCopy(String name, String version, Bytes content, Instant retainUntil) throws StoreException {
        List<Version> history = versions.of(name);
        for (Version other : history) {
            if (other.deleteMarker()
                    || other.length() != content.length()
                    || other.id().equals(version)) {
                continue;
            }
            Optional<ObjectLock> lock = objects.lock(name, other.id());
            if (lock.isPresent()
                    && lock.get().mode() == ObjectLock.Mode.COMPLIANCE
                    && objects.get(name, other.id()).equals(Optional.of(content))) {
                return objects.lockUntil(name, other.id(), lock.get(), retainUntil);
            }
        }
        return false;
    }
}
