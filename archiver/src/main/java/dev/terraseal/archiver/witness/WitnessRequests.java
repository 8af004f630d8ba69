package dev.terraseal.archiver.witness;

import dev.terraseal.archiver.recovery.ArchiveTiles;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Cosignature;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.tiles.TileReader;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Gets a checkpoint cosigned by one witness: the proof it needs is made from the archive, its line is kept there. */
final class WitnessRequests {
    /** A witness that is asked by others too may move on in between. */
    private static final int TURNS = 3;

    private final WitnessClient client;
    private final ArchiveStore store;
    private final Duration retention;
    private final InstantSource clock;

    WitnessRequests(WitnessClient client, ArchiveStore store, Duration retention, InstantSource clock) {
        this.client = client;
        this.store = store;
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * Asks, from the size the witness knows; the line returned is in the archive.
     *
     * @param known what it is thought to know; it says so if it is something else
     * @throws WitnessException if it did not cosign, or the archive could not be read or written meanwhile
     */
    SignatureLine cosign(WitnessSettings.Witness witness, SignedNote note, long known)
            throws WitnessException, InterruptedException {
        try {
            TreeHead head = TreeHead.parse(note.text());
            long old = known;
            for (int turn = 0; turn < TURNS; turn++) {
                if (old > head.size()) {
                    throw WitnessException.refused(
                            "the witness " + witness.key().name() + " has cosigned this log at size "
                                    + old + ", and its newest checkpoint is of size " + head.size()
                                    + ": the archive was put back from an old copy, or there are two histories. See"
                                    + " docs/troubleshooting.md on witnesses");
                }
                WitnessClient.Reply reply = client.ask(witness, new AddCheckpoint(old, proof(old, head), note));
                if (reply instanceof WitnessClient.Cosigned cosigned) {
                    return keep(cosigned.line(), head);
                }
                if (reply instanceof WitnessClient.KnowsSize other) {
                    old = other.size();
                }
            }
            throw WitnessException.notNow(
                    "the witness " + witness.key().name() + " named another size " + TURNS + " times",
                    new IllegalStateException("no agreement"));
        } catch (StoreException | UncheckedIOException | ProofException unreadable) {
            throw WitnessException.notNow("the archive: " + unreadable.getMessage(), unreadable);
        } catch (NoteException impossible) {
            throw WitnessException.refused(String.valueOf(impossible.getMessage()));
        }
    }

    private List<Digest> proof(long old, TreeHead head) throws ProofException {
        return old == 0 || old == head.size()
                ? List.of()
                : new Proofs(new TileReader(new ArchiveTiles(store), head.size()), head.size()).consistency(old);
    }

    private SignatureLine keep(SignatureLine line, TreeHead head) throws StoreException, NoteException {
        Cosignature cosignature = Cosignature.parse(line);
        Bytes content = Bytes.utf8(line.text() + "\n");
        store.keep(
                ArchiveNames.cosignature(head.size(), cosignature.unixSeconds(), line.keyId()),
                content,
                clock.instant().plus(retention),
                Validity.equalTo(content));
        return line;
    }
}
