package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Follows one log: attestations from where the archive ends, outcomes and checkpoints. Member of no group; it starts from
 * the topics each time and commits nothing. A second thread reads the entries before that once, for their ids.
 */
public final class LogFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final TopicPartition outcomes;
    private final SettledEvents settled;
    private final RecentRejections rejections;
    private final KnownIds ids;
    private final LogTail tail;
    private final List<Bytes> archivedKeyEvents;
    private final CheckpointsGoingBy checkpoints;
    private final Consumer<Throwable> onFatal;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final OpenEvents open;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile long outcomesRead;
    private final Thread live;
    private final Thread loader;

    private LogFollower(
            KafkaConnection kafka,
            int partition,
            Boards boards,
            ArchivedEntries archive,
            Consumer<Throwable> onFatal,
            StartOfTail start) {
        TopicPartition attestations = new TopicPartition(Topics.ATTESTATIONS, partition);
        TopicPartition notes = new TopicPartition(Topics.CHECKPOINTS, partition);
        this.outcomes = new TopicPartition(Topics.OUTCOMES, partition);
        this.settled = boards.settled();
        this.rejections = boards.rejections();
        this.ids = boards.ids();
        this.tail = start.tail();
        this.archivedKeyEvents = start.keyEvents();
        this.checkpoints = new CheckpointsGoingBy(start.own(), tail);
        this.onFatal = onFatal;
        settled.signedBefore(start.signedThrough());
        this.consumer = kafka.consumer("terraseal-ingest-follower-" + partition, attestations, outcomes, notes);
        consumer.seek(attestations, start.liveFrom());
        consumer.seekToBeginning(List.of(outcomes));
        consumer.seek(notes, start.checkpointsEnd());
        this.open = new OpenEvents(kafka, partition, settled, () -> outcomesRead);
        ArchivedIds archivedIds = new ArchivedIds(archive, ids, closing);
        IdLoader idLoader =
                new IdLoader(kafka, attestations, archivedIds, ids, tail.size(), IdLoader.PATIENCE, closing);
        this.live = thread("ingest-follower", this::follow);
        this.loader = thread("ingest-id-loader", idLoader::load);
    }

    /** Where what goes by is put. */
    public record Boards(SettledEvents settled, RecentRejections rejections, KnownIds ids) {}

    /** Reads every key event the archive holds, oldest first, as statements. */
    public interface KeyEvents {
        List<Bytes> read() throws StoreException;
    }

    /** The archive as following needs it, and what its checkpoints are checked with. */
    public record Archived(
            LogDeclaration log, ArchivedEntries entries, KeyEvents keyEvents, SignatureChecker checker) {}

    /**
     * Finds where the archive ends (by the largest checkpoint) and follows from there.
     *
     * @param onFatal told once when following cannot go on; the service must stop then, for its answers would be old
     */
    public static LogFollower start(
            KafkaConnection kafka,
            int partition,
            Boards boards,
            Archived archived,
            InstantSource clock,
            Consumer<Throwable> onFatal)
            throws StoreException {
        StartOfTail start = StartOfTail.find(kafka, partition, archived, clock);
        LogFollower follower = new LogFollower(kafka, partition, boards, archived.entries(), onFatal, start);
        follower.live.start();
        follower.loader.start();
        return follower;
    }

    public LogTail tail() {
        return tail;
    }

    /** Every key event below where following began, oldest first. */
    public List<Bytes> archivedKeyEvents() {
        return archivedKeyEvents;
    }

    public OpenEvents open() {
        return open;
    }

    private Thread thread(String name, Runnable work) {
        Thread thread = new Thread(() -> run(work), name);
        thread.setDaemon(true);
        return thread;
    }

    private void run(Runnable work) {
        try {
            work.run();
        } catch (WakeupException | InterruptException stop) {
            if (!stopping) {
                onFatal.accept(stop);
            }
        } catch (RuntimeException broken) {
            onFatal.accept(broken);
        } catch (Error broken) {
            // A thread that ended without a word would leave a service that is ready and answers with the past.
            onFatal.accept(broken);
            throw broken;
        }
    }

    private void follow() {
        try (consumer) {
            while (!stopping) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.topic().equals(Topics.ATTESTATIONS)) {
                        entry(record);
                    } else if (record.topic().equals(Topics.OUTCOMES)) {
                        outcome(OutcomeRecord.decode(record.value()));
                    } else {
                        checkpoints.take(record);
                    }
                }
                if (consumer.currentLag(outcomes).isPresent()) {
                    // Known by then, so that asking for it does not wait.
                    outcomesRead = consumer.position(outcomes);
                }
            }
        }
    }

    private void entry(ConsumerRecord<byte[], byte[]> record) {
        AttestationRecord entry = attestation(record);
        ids.add(entry.statement());
        if (entry.stream().equals(StreamId.KEYS)) {
            checkpoints.keyEvent(entry.statement());
        }
        tail.entry(entry);
        checkpoints.caughtUp();
        settled.settle(EntryHeaders.of(record).source(), new Settled.Signed(entry.sequence()));
    }

    static AttestationRecord attestation(ConsumerRecord<byte[], byte[]> record) {
        try {
            return AttestationRecord.decode(record.value());
        } catch (IllegalArgumentException foreign) {
            throw new IllegalStateException(
                    "the record at offset " + record.offset() + " of " + record.topic() + " partition "
                            + record.partition() + " is no attestation: " + foreign.getMessage()
                            + ". It was not written by the signer: find who writes there and take the permission away",
                    foreign);
        }
    }

    private void outcome(OutcomeRecord outcome) {
        if (outcome.outcome() == OutcomeRecord.Kind.REJECTED) {
            rejections.add(outcome);
            settled.settle(outcome.sourceOffset(), new Settled.Rejected(outcome));
        } else if (outcome.sequence() != null) {
            settled.settle(outcome.sourceOffset(), new Settled.Duplicate(outcome.sequence()));
        }
    }

    @Override
    public void close() {
        stopping = true;
        closing.countDown();
        consumer.wakeup();
        try {
            live.join(5_000);
            loader.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.close();
    }
}
