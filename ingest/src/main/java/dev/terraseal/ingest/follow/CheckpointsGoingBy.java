package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.kafka.Topics;
import java.util.Comparator;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the log's checkpoints off their topic and onto the tail. Whoever may write there could stop or fool a reader that
 * believed each: what does not open is named and passed over. A note that is ahead of the entries that went by waits for
 * them, for they say which key has to sign it, and which key events the receipts under it need.
 */
final class CheckpointsGoingBy {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointsGoingBy.class);
    /** Minutes of them, and a start catches up with less. Beyond, the farthest go: a forged one may claim any size. */
    static final int AHEAD_MAX = 1_024;

    private static final int AHEAD_BYTES_MAX = 8 << 20;

    private final OwnCheckpoints own;
    private final LogTail tail;
    private final TreeSet<Note> ahead =
            new TreeSet<>(Comparator.comparingLong(Note::size).thenComparingLong(Note::offset));
    private long aheadBytes;

    private record Note(long size, long offset, Bytes bytes) {}

    CheckpointsGoingBy(OwnCheckpoints own, LogTail tail) {
        this.own = own;
        this.tail = tail;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
        Bytes bytes = Bytes.copyOf(record.value() == null ? new byte[0] : record.value());
        Note note;
        try {
            note = new Note(Checkpoint.parse(SignedNote.parse(bytes).text()).size(), record.offset(), bytes);
        } catch (NoteException foreign) {
            ignored(record.offset(), String.valueOf(foreign.getMessage()));
            return;
        }
        if (note.size() <= tail.size()) {
            open(note);
            return;
        }
        ahead.add(note);
        aheadBytes += bytes.length();
        while (ahead.size() > AHEAD_MAX || aheadBytes > AHEAD_BYTES_MAX) {
            remove(ahead.last());
        }
    }

    private void remove(Note note) {
        if (ahead.remove(note)) {
            aheadBytes -= note.bytes().length();
        }
    }

    void keyEvent(Bytes statement) {
        own.keyEvent(statement);
    }

    /** Entries went by: of the notes that waited for them the largest counts. */
    void caughtUp() {
        boolean opened = false;
        while (!ahead.isEmpty() && ahead.first().size() <= tail.size()) {
            Note largest =
                    ahead.headSet(new Note(tail.size() + 1, -1, Bytes.EMPTY)).last();
            remove(largest);
            opened = opened || open(largest);
        }
    }

    /** True also where the tail has a larger one. */
    private boolean open(Note note) {
        if (note.size() < tail.checkpointSize()) {
            return true;
        }
        if (own.open(note.bytes()).isEmpty()) {
            ignored(note.offset(), "no log key in force at its size signed it");
            return false;
        }
        try {
            tail.checkpoint(SignedNote.parse(note.bytes()), note.size());
            return true;
        } catch (NoteException impossible) {
            throw new IllegalStateException("a note that was opened is one", impossible);
        }
    }

    private static void ignored(long offset, String reason) {
        LOG.warn(
                "event=checkpoint-ignored topic={} offset={} reason=\"{}; only the archiver may write there: look at that"
                        + " topic's ACLs\"",
                Topics.CHECKPOINTS,
                offset,
                reason);
    }
}
