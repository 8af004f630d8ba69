package dev.terraseal.store;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import java.util.List;
import java.util.Optional;

/**
 * An archive as its readers see it. All methods may be called from several threads at once. An implementation retries
 * throttling and dropped connections within its own limits of a few seconds; a {@link StoreException} after that says
 * whether asking again later can help. Names are those of {@link ArchiveNames}.
 */
public interface ArchiveReader extends AutoCloseable {
    /**
     * The oldest valid version of a locked object, empty if there is none. Delete markers and later versions never hide
     * it. An object being written elsewhere is seen whole or not at all.
     */
    Optional<Stored> read(String name, Validity validity) throws StoreException;

    /** What a mutable object holds now: {@code checkpoint} and partial tiles; empty if there is none. */
    Optional<Bytes> readNewest(String name) throws StoreException;

    /** The history of a locked object, oldest first; empty if the name was never used. */
    List<Version> versions(String name) throws StoreException;

    /**
     * Names that begin with {@code prefix} (which ends in {@code /} or is empty) and come after {@code after} in byte
     * order, ascending, at most {@code limit} of them. Deleted names whose versions are still there are among them.
     */
    List<String> names(String prefix, String after, int limit) throws StoreException;

    /**
     * The name {@code prefix + 20 digits + suffix} with the largest number not above {@code bound}. The cost does not
     * grow with the number of objects, beyond the one listing that a directory takes.
     */
    Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException;

    /** How verdicts name what keeps objects from being changed: {@code none} for a directory. */
    String immutability();

    /** Releases connections. Nothing that was returned as durable depends on it. */
    @Override
    void close();
}
