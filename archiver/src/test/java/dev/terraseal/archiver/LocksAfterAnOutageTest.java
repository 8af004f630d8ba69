package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.log.LogFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is away for days in the middle of a write: what it then keeps is locked as long as anything else. */
class LocksAfterAnOutageTest {
    private static final Duration OUTAGE = Duration.ofDays(2);

    @TempDir
    private Path directory;

    private Instant now = Instant.parse("2026-12-01T06:00:00Z");

    /** Away for two days before each object it keeps, and then remembers how long it was to lock it. */
    private final class AwayStore implements ArchiveStore {
        private final ArchiveStore store;
        private final Map<String, Duration> locks = new TreeMap<>();
        private String waitedFor = "";

        AwayStore(ArchiveStore store) {
            this.store = store;
        }

        private void beAwayBefore(String name) throws StoreException {
            if (!waitedFor.equals(name)) {
                waitedFor = name;
                now = now.plus(OUTAGE);
                throw StoreException.passing("away before " + name);
            }
        }

        @Override
        public Stored keep(String name, Bytes content, Instant retainUntil, Validity validity) throws StoreException {
            beAwayBefore(name);
            locks.put(name, Duration.between(now, retainUntil));
            return store.keep(name, content, retainUntil, validity);
        }

        @Override
        public void hold(String name, String version, Instant retainUntil) throws StoreException {
            beAwayBefore(name);
            locks.put(name, Duration.between(now, retainUntil));
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
        public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound)
                throws StoreException {
            return store.newestNumbered(prefix, suffix, bound);
        }

        @Override
        public String immutability() {
            return store.immutability();
        }

        @Override
        public void close() {}
    }

    @Test
    void aWaitForTheStoreTakesNothingFromALock() throws Exception {
        AwayStore away = new AwayStore(DirectoryStore.open(directory));
        PatientStore patient = new PatientStore(away, new Patience(pause -> true, new ArchiverProgress()), () -> now);
        Duration retention = Duration.ofDays(1);
        patient.keep("segments/a", Bytes.utf8("x"), now.plus(retention), Validity.any());
        patient.hold("segments/b", "file", now.plus(retention));
        assertThat(away.locks)
                .hasSize(2)
                .allSatisfy((name, lock) -> assertThat(lock).isEqualTo(retention));
    }

    @Test
    void everyObjectOfAWriteIsLockedFromWhenItWasWritten() throws Exception {
        LogFixture log = new LogFixture("terraseal.local/outage")
                .apply("a", 1, 2)
                .apply("b", 1, 2)
                .heads()
                .rotateAttestKey()
                .apply("a", 2, 3);
        DirectoryStore directoryStore = DirectoryStore.open(directory);
        ArchiverFixture fixture = new ArchiverFixture(log).born(directoryStore);
        AwayStore away = new AwayStore(directoryStore);
        fixture.clock = () -> now;
        fixture.archive(away);
        fixture.checkComplete(directoryStore, "after every outage");
        assertThat(away.locks.keySet())
                .anyMatch(name -> name.startsWith("segments/"))
                .anyMatch(name -> name.startsWith("heads/"))
                .anyMatch(name -> name.startsWith("keys/"))
                .anyMatch(name -> name.startsWith("checkpoints/"));
        assertThat(away.locks)
                .allSatisfy((name, lock) -> assertThat(lock)
                        .as(name)
                        .isGreaterThanOrEqualTo(log.log().retention()));
    }
}
