package dev.terraseal.audit;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.store.ObjectLock;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.VersionedStore;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that counts what is read from it and, at first, goes away after some of it. */
final class CountingStore implements VersionedStore {
    private final VersionedStore store;
    private final AtomicInteger contents = new AtomicInteger();
    private volatile int limit;

    CountingStore(VersionedStore store, int limit) {
        this.store = store;
        this.limit = limit;
    }

    int contents() {
        return contents.get();
    }

    void goOn() {
        limit = Integer.MAX_VALUE;
    }

    @Override
    public void histories(String prefix, Visitor visitor) throws StoreException {
        store.histories(prefix, visitor);
    }

    @Override
    public Optional<Bytes> content(String name, String version) throws StoreException {
        if (contents.get() >= limit) {
            throw StoreException.passing("the store is gone", new IllegalStateException("by the test"));
        }
        contents.incrementAndGet();
        return store.content(name, version);
    }

    @Override
    public Optional<ObjectLock> lock(String name, String version) throws StoreException {
        return store.lock(name, version);
    }

    @Override
    public void extend(String name, String version, Instant retainUntil) throws StoreException {
        store.extend(name, version, retainUntil);
    }

    @Override
    public Optional<String> unfit() throws StoreException {
        return store.unfit();
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
