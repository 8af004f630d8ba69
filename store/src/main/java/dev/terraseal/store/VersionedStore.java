package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;
import java.time.Instant;
import java.util.Optional;

/**
 * A store that keeps versions and locks, as an audit sees it: everything that is there, whoever put it there. As {@link
 * ArchiveReader} as to threads, retries and failures.
 */
public interface VersionedStore extends AutoCloseable {
    /** Takes histories; may throw to end the walk. */
    @FunctionalInterface
    interface Visitor {
        void see(ObjectHistory history) throws StoreException;
    }

    /** Shows every name that begins with {@code prefix}, in byte order, also those that were deleted. */
    void histories(String prefix, Visitor visitor) throws StoreException;

    /**
     * The content of one version; empty if it is not there. One that is longer than {@link ArchiveNames#most} is cut behind
     * that, and one the service does not give because of how it was stored has no bytes: neither is valid.
     */
    Optional<Bytes> content(String name, String version) throws StoreException;

    /** The lock of one version; empty if it is not there. */
    Optional<ObjectLock> lock(String name, String version) throws StoreException;

    /**
     * Locks a version in COMPLIANCE mode until {@code retainUntil}, which is not sooner than it is locked now.
     *
     * @throws StoreException lasting, if the service refuses
     */
    void extend(String name, String version, Instant retainUntil) throws StoreException;

    /** What is wrong with the store's settings for an archive, and how to mend it; empty if nothing is. */
    Optional<String> unfit() throws StoreException;

    /** As {@link ArchiveReader#immutability}. */
    String immutability();

    @Override
    void close();
}
