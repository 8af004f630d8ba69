package dev.terraseal.archiver;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A store that does one chosen write wrongly: not at all or all the same, and then fails or takes the process with it. */
final class FaultyStore implements ArchiveStore {
    private final ArchiveStore store;
    private final Mode mode;
    private final int failing;
    private final List<String> writes = new ArrayList<>();

    /** What becomes of the chosen write. */
    enum Mode {
        FAIL(false, false),
        FAIL_AFTER_PERSISTING(true, false),
        CRASH(false, true),
        CRASH_AFTER_PERSISTING(true, true);

        final boolean persists;
        final boolean crashes;

        Mode(boolean persists, boolean crashes) {
            this.persists = persists;
            this.crashes = crashes;
        }
    }

    /** The process is gone. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash(String where) {
            super(where, null, false, false);
        }
    }

    /** @param failing which write, from 0; −1 for none */
    FaultyStore(ArchiveStore store, Mode mode, int failing) {
        this.store = store;
        this.mode = mode;
        this.failing = failing;
    }

    /** What was written, in order, the failing one included. */
    List<String> writes() {
        return List.copyOf(writes);
    }

    private interface Write<T> {
        T run() throws StoreException;
    }

    private <T> T write(String name, Write<T> write) throws StoreException {
        int number = writes.size();
        writes.add(name);
        if (number != failing) {
            return write.run();
        }
        if (mode.persists) {
            write.run();
        }
        if (mode.crashes) {
            throw new Crash("while writing " + name);
        }
        throw StoreException.passing("injected at " + name, new IOException("injected"));
    }

    @Override
    public Stored keep(String name, Bytes content, Instant retainUntil, Validity validity) throws StoreException {
        return write(name, () -> store.keep(name, content, retainUntil, validity));
    }

    @Override
    public void hold(String name, String version, Instant retainUntil) throws StoreException {
        write("hold " + name, () -> {
            store.hold(name, version, retainUntil);
            return true;
        });
    }

    @Override
    public void replace(String name, Bytes content) throws StoreException {
        write(name, () -> {
            store.replace(name, content);
            return true;
        });
    }

    @Override
    public boolean advance(String name, Bytes content, Validity mayGo) throws StoreException {
        return write(name, () -> store.advance(name, content, mayGo));
    }

    @Override
    public void discard(String name) throws StoreException {
        write("discard " + name, () -> {
            store.discard(name);
            return true;
        });
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
    public void close() {}
}
