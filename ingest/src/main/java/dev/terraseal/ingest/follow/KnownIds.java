package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.index.Answer;
import dev.terraseal.core.index.DuplicateIndex;
import dev.terraseal.core.index.Fingerprint;
import dev.terraseal.core.statement.StatementIdentity;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which (stream, id) is in the log, so that an answer needs no round through it. It is filled from the log in the
 * background and may lag; the sequencer decides, this only answers sooner.
 */
public final class KnownIds {
    private final DuplicateIndex index = new DuplicateIndex();
    private final MessageDigest sha256 = Digest.sha256();
    private boolean complete;
    private @Nullable String incomplete;

    public synchronized void add(Bytes statement) {
        StatementIdentity identity = StatementIdentity.scan(statement);
        Fingerprint print = Fingerprint.of(sha256, identity.stream(), identity.id(), identity.contentDigest());
        if (index.find(print) instanceof Answer.Absent) {
            index.add(print, identity.sequence().value());
        }
    }

    public synchronized Answer find(StreamId stream, EventId id, Digest contentDigest) {
        return index.find(Fingerprint.of(sha256, stream, id, contentDigest));
    }

    /** The entry with this stream and id, whatever its content. */
    public synchronized Optional<SequenceNumber> sequence(StreamId stream, EventId id) {
        Answer answer = index.find(Fingerprint.of(sha256, stream, id, Digest.of()));
        if (answer instanceof Answer.Same same) {
            return Optional.of(new SequenceNumber(same.sequence()));
        }
        return answer instanceof Answer.OtherContent other
                ? Optional.of(new SequenceNumber(other.sequence()))
                : Optional.empty();
    }

    /** Every entry up to where following began has been added. */
    public synchronized void markComplete() {
        complete = true;
    }

    public synchronized boolean isComplete() {
        return complete;
    }

    /** Nothing is being read any more until something changes, which {@code reason} names. */
    public synchronized void markIncomplete(String reason) {
        incomplete = reason;
    }

    /** Why the rest cannot be read now; empty while it is being read, and once all is. */
    public synchronized Optional<String> incomplete() {
        return complete ? Optional.empty() : Optional.ofNullable(incomplete);
    }

    public synchronized long size() {
        return index.size();
    }

    public synchronized long heapBytes() {
        return index.heapBytes();
    }
}
