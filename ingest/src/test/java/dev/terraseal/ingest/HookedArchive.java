package dev.terraseal.ingest;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** An archive that counts what is asked of it, and before each call does what a test wants: fail, or not come back. */
final class HookedArchive implements ArchiveReader {
    final AtomicInteger calls = new AtomicInteger();
    volatile Before before = () -> {};
    private final ArchiveReader archive;

    interface Before {
        void call() throws StoreException;
    }

    HookedArchive(ArchiveReader archive) {
        this.archive = archive;
    }

    private ArchiveReader asked() throws StoreException {
        calls.incrementAndGet();
        before.call();
        return archive;
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) throws StoreException {
        return asked().read(name, validity);
    }

    @Override
    public Optional<Bytes> readNewest(String name) throws StoreException {
        return asked().readNewest(name);
    }

    @Override
    public List<Version> versions(String name) throws StoreException {
        return asked().versions(name);
    }

    @Override
    public List<String> names(String prefix, String after, int limit) throws StoreException {
        return asked().names(prefix, after, limit);
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException {
        return asked().newestNumbered(prefix, suffix, bound);
    }

    @Override
    public String immutability() {
        return archive.immutability();
    }

    @Override
    public void close() {
        archive.close();
    }
}
