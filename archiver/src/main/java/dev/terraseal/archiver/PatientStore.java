package dev.terraseal.archiver;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A store whose passing failures are waited out; every call of it may be repeated. A date until which something is to be
 * locked moves by as long as was waited: the store may be away for longer than the lock was to last.
 */
final class PatientStore implements ArchiveStore {
    private final ArchiveStore store;
    private final Patience patience;
    private final InstantSource clock;

    PatientStore(ArchiveStore store, Patience patience, InstantSource clock) {
        this.store = store;
        this.patience = patience;
        this.clock = clock;
    }

    private <T> T patiently(Patience.Attempt<T, StoreException> attempt) throws StoreException {
        return patience.until(StoreException.class, StoreException::retryable, attempt);
    }

    @Override
    public Stored keep(String name, Bytes content, Instant retainUntil, Validity validity) throws StoreException {
        Instant began = clock.instant();
        return patiently(() -> store.keep(name, content, moved(retainUntil, began), validity));
    }

    @Override
    public void hold(String name, String version, Instant retainUntil) throws StoreException {
        Instant began = clock.instant();
        patiently(() -> {
            store.hold(name, version, moved(retainUntil, began));
            return true;
        });
    }

    private Instant moved(Instant retainUntil, Instant began) {
        Duration waited = Duration.between(began, clock.instant());
        return waited.isNegative() ? retainUntil : retainUntil.plus(waited);
    }

    @Override
    public void replace(String name, Bytes content) throws StoreException {
        patiently(() -> {
            store.replace(name, content);
            return true;
        });
    }

    @Override
    public boolean advance(String name, Bytes content, Validity mayGo) throws StoreException {
        return patiently(() -> store.advance(name, content, mayGo));
    }

    @Override
    public void discard(String name) throws StoreException {
        patiently(() -> {
            store.discard(name);
            return true;
        });
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) throws StoreException {
        return patiently(() -> store.read(name, validity));
    }

    @Override
    public Optional<Bytes> readNewest(String name) throws StoreException {
        return patiently(() -> store.readNewest(name));
    }

    @Override
    public List<Version> versions(String name) throws StoreException {
        return patiently(() -> store.versions(name));
    }

    @Override
    public List<String> names(String prefix, String after, int limit) throws StoreException {
        return patiently(() -> store.names(prefix, after, limit));
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException {
        return patiently(() -> store.newestNumbered(prefix, suffix, bound));
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
