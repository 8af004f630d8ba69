package dev.terraseal.ingest;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers the small objects that were read, tiles and batches, and also that one was not there: for the few seconds in
 * which one answer is made, all of it under one checkpoint or the next. Not for several threads.
 */
final class ReadOnce implements ArchiveReader {
    private static final int REMEMBERED = 256;
    private static final int BYTES_MAX = 16 << 10;

    private final ArchiveReader archive;
    private final Map<String, Optional<Stored>> read = new Newest<>();
    private final Map<String, Optional<Bytes>> newest = new Newest<>();

    ReadOnce(ArchiveReader archive) {
        this.archive = archive;
    }

    private static final class Newest<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        Newest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > REMEMBERED;
        }
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) throws StoreException {
        Optional<Stored> known = read.get(name);
        if (known != null && (known.isEmpty() || validity.holds(known.get().content()))) {
            return known;
        }
        Optional<Stored> found = archive.read(name, validity);
        if (found.isEmpty() || found.get().content().length() <= BYTES_MAX) {
            read.put(name, found);
        }
        return found;
    }

    @Override
    public Optional<Bytes> readNewest(String name) throws StoreException {
        Optional<Bytes> known = newest.get(name);
        if (known != null) {
            return known;
        }
        Optional<Bytes> found = archive.readNewest(name);
        if (found.isEmpty() || found.get().length() <= BYTES_MAX) {
            newest.put(name, found);
        }
        return found;
    }

    @Override
    public List<Version> versions(String name) throws StoreException {
        return archive.versions(name);
    }

    @Override
    public List<String> names(String prefix, String after, int limit) throws StoreException {
        return archive.names(prefix, after, limit);
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException {
        return archive.newestNumbered(prefix, suffix, bound);
    }

    @Override
    public String immutability() {
        return archive.immutability();
    }

    /** The archive is not ours to close. */
    @Override
    public void close() {
        read.clear();
        newest.clear();
    }
}
