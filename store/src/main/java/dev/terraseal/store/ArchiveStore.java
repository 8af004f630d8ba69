package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;
import java.time.Instant;

/**
 * An archive as its writers see it. Whatever a method was asked to write is durable when it returns (fsynced with its
 * directory; confirmed by S3). After a {@link StoreException} a write may or may not have been applied: the caller asks
 * again with the same arguments, which is harmless, and never acknowledges in between.
 *
 * <p>Different names may be written at once; of each name one call at a time per process. Two processes that keep
 * different content under one name get the same answer: the older valid one.
 */
public interface ArchiveStore extends ArchiveReader {
    /**
     * Keeps {@code content} under a locked name, never overwriting: what is returned is the oldest valid version after
     * the call, and its content is what counts. If that is not {@code content}, someone was here before; the caller
     * compares. Versions that are not valid do not block the name and are left where they are.
     *
     * @param retainUntil until when the store must refuse to delete it, where the store can
     * @param validity must hold for {@code content} itself
     */
    Stored keep(String name, Bytes content, Instant retainUntil, Validity validity) throws StoreException;

    /**
     * Sees to it that a version that is there already is refused to whoever would delete it before {@code retainUntil}, where
     * the store can: somebody may have put it there without a lock, or its lock may end sooner. A longer one is left.
     *
     * @param version as {@link #read} named it
     */
    void hold(String name, String version, Instant retainUntil) throws StoreException;

    /** Puts a mutable object, atomically: readers see the old or the new content. */
    void replace(String name, Bytes content) throws StoreException;

    /**
     * As {@link #replace}, if what is there now may go; nothing is written and the answer is false if it may not, or if
     * another process wrote in between. A name that holds nothing may always be written.
     */
    boolean advance(String name, Bytes content, Validity mayGo) throws StoreException;

    /** Removes a mutable object that a locked one has taken the place of; absent is fine. */
    void discard(String name) throws StoreException;
}
