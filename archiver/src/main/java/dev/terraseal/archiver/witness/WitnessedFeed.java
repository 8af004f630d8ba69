package dev.terraseal.archiver.witness;

import dev.terraseal.archiver.topic.CheckpointFeed;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import java.util.List;
import java.util.Optional;

/** Announces checkpoints as another feed does, and offers each to the witnesses once it is announced. */
public final class WitnessedFeed implements CheckpointFeed {
    private final CheckpointFeed feed;
    private final Witnesses witnesses;

    public WitnessedFeed(CheckpointFeed feed, Witnesses witnesses) {
        this.feed = feed;
        this.witnesses = witnesses;
    }

    @Override
    public void publish(Bytes note) {
        feed.publish(note);
        try {
            SignedNote signed = SignedNote.parse(note);
            witnesses.offer(signed, Checkpoint.parse(signed.text()).size());
        } catch (NoteException impossible) {
            throw new IllegalStateException("a checkpoint that was announced does not open", impossible);
        }
    }

    @Override
    public List<Bytes> last() {
        return feed.last();
    }

    @Override
    public Optional<SignedNote> takeCosigned() {
        return witnesses.takeCosigned();
    }

    @Override
    public void close() {
        feed.close();
    }
}
