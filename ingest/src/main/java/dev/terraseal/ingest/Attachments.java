package dev.terraseal.ingest;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Evidence too large for a statement, in the archive under its digest. */
public final class Attachments {
    private static final int AT_ONCE = 2;
    private static final int REMEMBERED = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ArchiveStore archive;
    private final Duration retention;
    private final InstantSource clock;
    /** An attachment is held whole while it is stored or checked; more at once could exhaust the heap. */
    private final Semaphore room = new Semaphore(AT_ONCE);
    /** For checks alone, so that events that name what is there do not wait for those that are being stored. */
    private final Semaphore checks = new Semaphore(AT_ONCE);
    /** What was read back whole. A locked object cannot go, so it need not be read again for every event. */
    private final Map<Digest, Kept> kept = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Kept> eldest) {
            return size() > REMEMBERED;
        }
    });

    private record Kept(String version, Instant until) {}

    public Attachments(ArchiveStore archive, Duration retention, InstantSource clock) {
        this.archive = archive;
        this.retention = retention;
        this.clock = clock;
    }

    /** Work that holds an attachment in memory. */
    public interface Work<T> {
        T run() throws ProblemException, java.io.IOException;
    }

    /** Runs {@code work} when there is room to store one more; 429 when there was none for ten seconds. */
    public <T> T inTurn(Work<T> work) throws ProblemException, java.io.IOException, InterruptedException {
        return inTurn(room, work);
    }

    private static <T> T inTurn(Semaphore turns, Work<T> work)
            throws ProblemException, java.io.IOException, InterruptedException {
        if (!turns.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw ProblemException.tooMany(AT_ONCE + " attachments are being stored or checked; send this one again");
        }
        try {
            return work.run();
        } finally {
            turns.release();
        }
    }

    /** Whether the archive holds it, whole, and for as long as the entry of an event that names it now. */
    public boolean has(Digest sha256) throws ProblemException, java.io.IOException, InterruptedException {
        return isHeld(sha256) || inTurn(checks, () -> found(sha256));
    }

    private boolean isHeld(Digest sha256) throws StoreException {
        Kept known = kept.get(sha256);
        if (known == null) {
            return false;
        }
        if (known.until().isBefore(clock.instant().plus(retention))) {
            hold(sha256, known.version());
        }
        return true;
    }

    private boolean found(Digest sha256) throws StoreException {
        Optional<Stored> there = archive.read(ArchiveNames.attachment(sha256), Validity.sha256(sha256));
        if (there.isPresent()) {
            hold(sha256, there.get().version());
        }
        return there.isPresent();
    }

    /** Evidence somebody put there without a lock, or long ago, could be gone before the entry that names it. */
    private void hold(Digest sha256, String version) throws StoreException {
        Instant until = until();
        archive.hold(ArchiveNames.attachment(sha256), version, until);
        kept.put(sha256, new Kept(version, until));
    }

    /** Beyond the retention by a tenth or a day, or every event that names the same one would ask for a longer lock. */
    private Instant until() {
        Duration tenth = retention.dividedBy(10);
        Duration beyond = tenth.compareTo(Duration.ofDays(1)) < 0 ? tenth : Duration.ofDays(1);
        return clock.instant().plus(retention).plus(beyond);
    }

    /** Stores it durably; false if it was there already. Call within {@link #inTurn}. */
    public boolean keep(Digest sha256, Bytes content) throws StoreException {
        if (isHeld(sha256) || found(sha256)) {
            return false;
        }
        Instant until = until();
        Stored stored = archive.keep(ArchiveNames.attachment(sha256), content, until, Validity.sha256(sha256));
        kept.put(sha256, new Kept(stored.version(), until));
        return true;
    }
}
