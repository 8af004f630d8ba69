package dev.terraseal.archiver;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * The beginning of an archive: log.json, the public keys, the documents for later readers, and the checkpoint of size 0.
 * One cut short is finished by doing it again with the same declaration and key.
 */
public final class ArchiveBirth {
    private final ArchiveStore store;
    private final InstantSource clock;
    private final SignatureChecker checker;

    public ArchiveBirth(ArchiveStore store, InstantSource clock) {
        this(store, clock, new SignatureChecker(Providers.fast()));
    }

    public ArchiveBirth(ArchiveStore store, InstantSource clock, SignatureChecker checker) {
        this.store = store;
        this.clock = clock;
        this.checker = checker;
    }

    /**
     * @param docs what goes to {@code docs/}, by name below it
     * @return false, and nothing written, if the archive of this log has begun already
     * @throws ArchiverStoppedException if the archive is another log's
     */
    public boolean begin(LogDeclaration log, MessageSigner logKey, Map<String, Bytes> docs)
            throws StoreException, SigningException {
        Instant until = clock.instant().plus(log.retention());
        LogNotes notes = new LogNotes(KeyRing.of(log), checker);
        if (isDone(log)) {
            return false;
        }
        // First of all, so that no second log can begin here; the checkpoint last, so that a birth is whole or
        // repeated.
        Stored declared = store.keep(ArchiveNames.LOG, log.bytes(), until, Validity.any());
        if (!declared.content().equals(log.bytes())) {
            throw occupied(log, declared);
        }
        for (DeclaredKey key : log.keys()) {
            keep(ArchiveNames.key(key.keyid()), Bytes.utf8(key.pem()), until);
        }
        for (Map.Entry<String, Bytes> doc : docs.entrySet()) {
            keep(ArchiveNames.DOCS + doc.getKey(), doc.getValue(), until);
        }
        Bytes note = NoteSigner.sign(new Checkpoint(log.origin(), 0, Merkle.EMPTY_ROOT), logKey)
                .bytes();
        Stored kept = store.keep(ArchiveNames.checkpoint(0), note, until, notes.ofSize(0));
        store.advance(
                ArchiveNames.CHECKPOINT,
                kept.content(),
                other -> notes.open(other).isEmpty());
        return true;
    }

    /**
     * Whether the archive of this log has begun.
     *
     * @throws ArchiverStoppedException if the archive is another log's
     */
    public boolean isDone(LogDeclaration log) throws StoreException {
        requireVacant(log);
        LogNotes notes = new LogNotes(KeyRing.of(log), checker);
        return store.read(ArchiveNames.checkpoint(0), notes.ofSize(0)).isPresent();
    }

    private void keep(String name, Bytes content, Instant until) throws StoreException {
        store.keep(name, content, until, Validity.equalTo(content));
    }

    private void requireVacant(LogDeclaration log) throws StoreException {
        Optional<Stored> there = store.read(ArchiveNames.LOG, Validity.any());
        if (there.isPresent() && !there.get().content().equals(log.bytes())) {
            throw occupied(log, there.get());
        }
    }

    private static ArchiverStoppedException occupied(LogDeclaration log, Stored there) {
        return new ArchiverStoppedException("the archive already belongs to the log with genesis "
                + Digest.of(there.content()) + "; the log to begin has genesis " + log.genesis()
                + ". Give each log an archive of its own");
    }
}
