package dev.terraseal.simulation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.simulation.kafka.Calls;
import dev.terraseal.simulation.store.Objects;
import dev.terraseal.simulation.store.SimulatedStore;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A store in which nothing goes wrong; also what planted bugs wrap. */
public class PlainStore implements ArchiveStore {
    private final ArchiveStore store;

    PlainStore(Objects objects) {
        this(new SimulatedStore(
                objects, new Undisturbed(), new Life("nobody"), new Chance(0), false, Call.ARCHIVER_KEEP));
    }

    protected PlainStore(ArchiveStore store) {
        this.store = store;
    }

    private static final class Undisturbed implements Calls {
        @Override
        public <T, E extends Exception> T make(Life life, Call call, Effect<T, E> effect, Failing<E> failing) throws E {
            return effect.run();
        }

        @Override
        public boolean calm() {
            return true;
        }

        @Override
        public void idle(Life life, long millis) {
            throw new IllegalStateException("nothing to wait for");
        }
    }

    @Override
    public Stored keep(String name, Bytes content, Instant retainUntil, Validity validity) throws StoreException {
        return store.keep(name, content, retainUntil, validity);
    }

    @Override
    public void hold(String name, String version, Instant retainUntil) throws StoreException {
        store.hold(name, version, retainUntil);
    }

    @Override
    public void replace(String name, Bytes content) throws StoreException {
        store.replace(name, content);
    }

    @Override
    public boolean advance(String name, Bytes content, Validity mayGo) throws StoreException {
        return store.advance(name, content, mayGo);
    }

    @Override
    public void discard(String name) throws StoreException {
        store.discard(name);
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) throws StoreException {
        return store.read(name, validity);
    }

    @Override
    public Optional<Bytes> readNewest(String name) throws StoreException {
        return store.readNewest(name);
    }

    @Override
    public List<Version> versions(String name) throws StoreException {
        return store.versions(name);
    }

    @Override
    public List<String> names(String prefix, String after, int limit) throws StoreException {
        return store.names(prefix, after, limit);
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException {
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
