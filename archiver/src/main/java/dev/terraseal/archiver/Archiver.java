package dev.terraseal.archiver;

import dev.terraseal.archiver.state.BrokenEntryException;
import dev.terraseal.archiver.topic.CheckpointFeed;
import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop: take up the archive, take signed entries from the stream, check them, and hand them to the {@link
 * ArchiveWriter} a segment at a time. Knows neither Kafka nor where the archive is. Runs in one thread.
 */
public final class Archiver {
    private static final Logger LOG = LoggerFactory.getLogger(Archiver.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Parts parts;
    private final ArchiverConfig.Limits limits;
    private final TakeUp takeUp;
    private @Nullable Position position;
    private CheckWindow window;
    private CheckpointPace pace;
    private StreamBehind behind;

    /**
     * What an archiver works with.
     *
     * @param logKeys signs checkpoints
     * @param checks verifies signatures, as many at a time as it has threads
     * @param writes keeps objects whose order among themselves means nothing, likewise
     * @param stopping asked between two polls
     */
    public record Parts(
            LogDeclaration log,
            ArchiveStore store,
            KeyInForce logKeys,
            SignatureChecker checker,
            Executor checks,
            Executor writes,
            SignedEntries entries,
            CheckpointFeed feed,
            Patience patience,
            ArchiverProgress progress,
            InstantSource clock,
            BooleanSupplier stopping) {}

    public Archiver(Parts parts, ArchiverConfig.Limits limits) {
        this.parts = parts;
        this.limits = limits;
        this.takeUp = new TakeUp(parts, new PatientStore(parts.store(), parts.patience(), parts.clock()));
        this.window = new CheckWindow(parts.checker(), parts.checks());
        this.pace = new CheckpointPace(limits.checkpointInterval());
        this.behind = behind(0);
        parts.progress().follows(parts.entries()::behind);
    }

    private StreamBehind behind(long next) {
        return new StreamBehind(
                parts.entries(), limits.streamBehind(), next, parts.clock().instant());
    }

    /**
     * Runs until it is told to stop, and archives what it has taken until then.
     *
     * @throws ArchiverStoppedException if the log must not be continued
     * @throws StoreException if the store refuses for good, or fails while the archiver is to stop
     * @throws SigningException likewise for the log key
     */
    public void run() throws StoreException, SigningException {
        while (!parts.stopping().getAsBoolean()) {
            turn();
        }
        Position at = position;
        if (at != null) {
            orTakeUpAgain(() -> finish(at));
        }
    }

    private void finish(Position at) throws StoreException, SigningException, OtherSegmentException {
        drain(at);
        if (!at.pending.isEmpty()) {
            flush(at);
        }
    }

    /** Takes the archive up where that is to be done, else takes what the stream has and archives what is due. */
    void turn() throws StoreException, SigningException {
        Position at = position;
        if (at == null) {
            orTakeUpAgain(() -> {
                Position taken = takeUp.position();
                behind = behind(taken.next);
                position = taken;
            });
            window = new CheckWindow(parts.checker(), parts.checks());
            pace = new CheckpointPace(limits.checkpointInterval());
        } else {
            orTakeUpAgain(() -> follow(at));
        }
    }

    private interface Step {
        void run() throws StoreException, SigningException, OtherSegmentException;
    }

    private void orTakeUpAgain(Step step) throws StoreException, SigningException {
        try {
            step.run();
        } catch (OtherSegmentException adopted) {
            LOG.warn("action=take-up-again reason=\"{}\"", adopted.getMessage());
            position = null;
        }
    }

    private void follow(Position at) throws StoreException, SigningException, OtherSegmentException {
        read(at);
        takeFinished(at);
        Instant now = parts.clock().instant();
        requireStreamReachesArchive(at, now);
        if (!at.pending.isEmpty() && pace.isDue(now)) {
            flush(at);
        }
        Optional<SignedNote> cosigned = parts.feed().takeCosigned();
        if (cosigned.isPresent()) {
            at.writer.announceCosigned(cosigned.get(), new LogNotes(at.state.keys(), parts.checker()));
        }
    }

    /** Waits for entries only where nothing else is to be done. */
    private void read(Position at) throws StoreException, SigningException, OtherSegmentException {
        if (!window.hasRoom()) {
            window.awaitHead(POLL.toMillis());
            return;
        }
        try {
            List<AttestationRecord> polled = parts.entries().poll(window.isEmpty() ? untilDue(at) : Duration.ZERO);
            for (AttestationRecord record : polled) {
                window.add(record, at.pending.keys());
            }
            if (polled.isEmpty()) {
                window.awaitHead(untilDue(at).toMillis());
            }
        } catch (ArchiverStoppedException foreign) {
            drain(at);
            throw afterWhatIsGood(at, foreign);
        } finally {
            parts.progress().checks(window.size());
        }
    }

    private void drain(Position at) throws StoreException, SigningException, OtherSegmentException {
        while (!window.isEmpty()) {
            window.awaitHead(POLL.toMillis());
            takeFinished(at);
        }
    }

    private void takeFinished(Position at) throws StoreException, SigningException, OtherSegmentException {
        for (CheckWindow.Finished next = window.takeFinished(); next != null; next = window.takeFinished()) {
            try {
                take(at, next);
            } catch (ArchiverStoppedException foreign) {
                throw afterWhatIsGood(at, foreign);
            }
            if (at.pending.reaches(limits)) {
                flush(at);
            }
        }
    }

    /** However a poll or a segment cut the stream: all before the entry it stops on is archived. */
    private ArchiverStoppedException afterWhatIsGood(Position at, ArchiverStoppedException stop)
            throws StoreException, SigningException, OtherSegmentException {
        if (!at.pending.isEmpty()) {
            flush(at);
        }
        return stop;
    }

    private Duration untilDue(Position at) {
        Instant now = parts.clock().instant();
        if (at.pending.isEmpty() || pace.isDue(now)) {
            return POLL;
        }
        Duration left = pace.untilDue(now);
        return left.compareTo(POLL) < 0 ? left : POLL;
    }

    private void requireStreamReachesArchive(Position at, Instant now) {
        String waits = behind.waitsFor(at.next, at.archived.end(), now);
        if (waits == null) {
            parts.progress().goesOn();
        } else {
            parts.progress().waits(waits);
        }
    }

    private void take(Position at, CheckWindow.Finished finished) {
        AttestationRecord record = finished.record();
        if (record.sequence().value() != at.next) {
            throw new ArchiverStoppedException("the topic terraseal.attestations has entry " + record.sequence()
                    + " where entry " + at.next + " was expected: somebody else writes there, or entries were deleted");
        }
        at.next++;
        parts.progress().took(at.next);
        if (at.next <= at.archived.end()) {
            at.archived.require(record);
            return;
        }
        try {
            requireOwnFields(
                    record, finished.check().statement(record.sequence().value()));
            at.pending.take(finished.check());
        } catch (BrokenEntryException broken) {
            throw new ArchiverStoppedException(
                    "the topic terraseal.attestations is not what the signer wrote: " + broken.getMessage()
                            + ". Nothing from there on was archived. Find who writes there and take the permission away",
                    broken);
        }
    }

    /** What consumers of the topic read beside the statement must be what the statement says. */
    private static void requireOwnFields(AttestationRecord record, Statement statement) {
        boolean same = statement.entryHash().equals(record.entryHash())
                && statement.link().log().equals(record.log())
                && statement.stream().equals(record.stream())
                && statement.type() == record.predicateType();
        if (!same) {
            throw new ArchiverStoppedException("entry " + record.sequence()
                    + " of terraseal.attestations says of itself what its statement does not say: it was not written by the"
                    + " signer. Find who writes there and take the permission away");
        }
    }

    private void flush(Position at) throws StoreException, SigningException, OtherSegmentException {
        pace.begin(parts.clock().instant());
        Pending pending = at.pending;
        Segment segment = pending.segment();
        // Asked before the segment is there: a key that is missing stops the archiver with nothing half done.
        at.writer.requireKeys(pending.keys(), segment.end());
        Bytes content = segment.bytes();
        at.writer.write(
                segment,
                content,
                pending.entries(),
                pending.keys(),
                SegmentValidity.orOwn(at.state, parts.checks(), content));
        pending.commit();
        at.pending = new Pending(at.state);
        pace.end(parts.clock().instant());
        parts.progress().archived(at.state.head().size());
        LOG.debug(
                "action=checkpoint size={} entries={}",
                at.state.head().size(),
                pending.entries().size());
    }
}
