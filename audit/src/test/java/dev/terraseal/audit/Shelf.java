package dev.terraseal.audit;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.store.ObjectHistory;
import dev.terraseal.store.ObjectLock;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Version;
import dev.terraseal.store.VersionedStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Objects of one version each, with the dates and locks a test gives them. As a service, it makes no lock shorter. */
final class Shelf implements VersionedStore {
    private static final String ONLY = "v1";

    private final Map<String, Instant> written = new TreeMap<>();
    private final Map<String, ObjectLock> locks = new ConcurrentHashMap<>();

    Shelf put(String name, Instant modified, ObjectLock lock) {
        written.put(name, modified);
        locks.put(name, lock);
        return this;
    }

    ObjectLock lock(String name) {
        return locks.getOrDefault(name, ObjectLock.NONE);
    }

    @Override
    public void histories(String prefix, Visitor visitor) throws StoreException {
        for (Map.Entry<String, Instant> each : written.entrySet()) {
            visitor.see(new ObjectHistory(each.getKey(), List.of(new Version(ONLY, false, 0, each.getValue()))));
        }
    }

    @Override
    public Optional<Bytes> content(String name, String version) {
        return Optional.of(Bytes.EMPTY);
    }

    @Override
    public Optional<ObjectLock> lock(String name, String version) {
        return Optional.of(lock(name));
    }

    @Override
    public void extend(String name, String version, Instant retainUntil) throws StoreException {
        Instant before = lock(name).retainUntil();
        if (before != null && before.isAfter(retainUntil)) {
            throw StoreException.lasting(name + " is locked until " + before);
        }
        locks.put(name, new ObjectLock(ObjectLock.Mode.COMPLIANCE, retainUntil));
    }

    @Override
    public Optional<String> unfit() {
        return Optional.empty();
    }

    @Override
    public String immutability() {
        return "as a test says";
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
