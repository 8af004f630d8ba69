package dev.terraseal.archiver;

import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ObjectLock;
import dev.terraseal.store.RetentionPolicy;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import dev.terraseal.store.VersionedStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Whether the store keeps its word: the log's first object is locked as log.json promises of every one. A service may take
 * the headers of a lock and lock nothing (Adobe S3Mock 5.2.0 does), and a lock may have been made by something else.
 */
public final class ArchiveLocks {
    private final ArchiveReader store;
    private final LogDeclaration log;
    private final InstantSource clock;

    public ArchiveLocks(ArchiveReader store, LogDeclaration log, InstantSource clock) {
        this.store = store;
        this.log = log;
        this.clock = clock;
    }

    /** @throws StoreException lasting, if it does not; the message says what to set */
    public void require() throws StoreException {
        Optional<String> fault = fault();
        if (fault.isPresent()) {
            throw StoreException.lasting(fault.get());
        }
    }

    /** What is wrong and how to mend it; empty if nothing is, if there is no log yet, or in a directory. */
    public Optional<String> fault() throws StoreException {
        if (!(store instanceof VersionedStore versioned)) {
            return Optional.empty();
        }
        Optional<Stored> declaration = store.read(ArchiveNames.LOG, Validity.equalTo(log.bytes()));
        if (declaration.isEmpty()) {
            return Optional.empty();
        }
        String version = declaration.get().version();
        ObjectLock lock = versioned.lock(ArchiveNames.LOG, version).orElse(ObjectLock.NONE);
        return fault(lock, written(store.versions(ArchiveNames.LOG), version));
    }

    private Instant written(List<Version> versions, String id) {
        return versions.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .map(Version::modified)
                .orElse(clock.instant());
    }

    private Optional<String> fault(ObjectLock lock, Instant written) {
        String mend =
                ". Nothing is archived there before that is mended: lock what is there by terraseal audit --extend";
        Instant until = lock.retainUntil();
        if (until == null) {
            return Optional.of(
                    "log.json in the archive has no lock although it was written with one: this store does not"
                            + " keep Object Lock, or somebody took the lock away" + mend + ", or use another store");
        }
        if (lock.mode() == ObjectLock.Mode.GOVERNANCE) {
            return Optional.of("log.json in the archive is locked in GOVERNANCE mode, which a permission is enough to"
                    + " bypass; an archive needs COMPLIANCE" + mend);
        }
        Instant promised = new RetentionPolicy(log.retention()).atLeast(written);
        if (until.isBefore(promised)) {
            return Optional.of("log.json in the archive is locked until " + until + ", and promises "
                    + log.retention().toDays() + " days, at least until " + promised + mend);
        }
        if (until.isBefore(clock.instant())) {
            return Optional.of("the lock of log.json in the archive ended at " + until
                    + ", and every newer entry is proven with it" + mend);
        }
        return Optional.empty();
    }
}
