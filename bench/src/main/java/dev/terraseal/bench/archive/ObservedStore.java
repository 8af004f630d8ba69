package dev.terraseal.bench.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Remembers what was written, for whoever writes the same once more; and tells each call as the request it stands for. */
final class ObservedStore implements ArchiveStore {
    private static final String PUT = "PUT";
    private static final String GET = "GET";

    private final ArchiveStore store;
    private final Consumer<String> calls;
    private final List<Write> writes = new ArrayList<>();

    /** An object that was put. */
    record Write(String name, Bytes content) {}

    ObservedStore(ArchiveStore store, Consumer<String> calls) {
        this.store = store;
        this.calls = calls;
    }

    synchronized List<Write> writes() {
        return List.copyOf(writes);
    }

    private synchronized void wrote(String name, Bytes content) {
        calls.accept(PUT);
        writes.add(new Write(name, content));
    }

    @Override
    public Stored keep(String name, Bytes content, Instant retainUntil, Validity validity) throws StoreException {
        wrote(name, content);
        return store.keep(name, content, retainUntil, validity);
    }

    @Override
    public void hold(String name, String version, Instant retainUntil) throws StoreException {
        calls.accept("PUT");
        store.hold(name, version, retainUntil);
    }

    @Override
    public void replace(String name, Bytes content) throws StoreException {
        wrote(name, content);
        store.replace(name, content);
    }

    @Override
    public boolean advance(String name, Bytes content, Validity mayGo) throws StoreException {
        wrote(name, content);
        return store.advance(name, content, mayGo);
    }

    @Override
    public void discard(String name) throws StoreException {
        calls.accept("DELETE");
        store.discard(name);
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) throws StoreException {
        calls.accept(GET);
        return store.read(name, validity);
    }

    @Override
    public Optional<Bytes> readNewest(String name) throws StoreException {
        calls.accept(GET);
        return store.readNewest(name);
    }

    @Override
    public List<Version> versions(String name) throws StoreException {
        calls.accept(GET);
        return store.versions(name);
    }

    @Override
    public List<String> names(String prefix, String after, int limit) throws StoreException {
        calls.accept(GET);
        return store.names(prefix, after, limit);
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException {
        calls.accept(GET);
        return store.newestNumbered(prefix, suffix, bound);
    }

    @Override
    public String immutability() {
        return store.immutability();
    }

    @Override
    public void close() {
        store.close();
    }
}
