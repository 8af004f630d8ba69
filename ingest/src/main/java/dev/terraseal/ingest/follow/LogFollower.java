package dev.terraseal.ingest.follow;

import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one log: attestations from where the archive ends, outcomes and checkpoints. Member of no group; it starts from
 * the topics each time and commits nothing. A second thread reads the entries before that once, for their ids: from the archive
 * what was trimmed from the topic, then the topic.
 */
public final class LogFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConnection kafka;
    private final TopicPartition attestations;
    private final TopicPartition outcomes;
    private final TopicPartition checkpoints;
    private final SettledEvents settled;
    private final RecentRejections rejections;
    private final KnownIds ids;
    private final LogTail tail;
    private final Consumer<Throwable> onFatal;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final ArchivedIds archived;
    private final long liveFrom;
    private final long onTopicFrom;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean stopping;
    private final Thread live;
    private final Thread loader;

    private LogFollower(
            KafkaConnection kafka,
            int partition,
            Boards boards,
            ArchivedEntries archive,
            Consumer<Throwable> onFatal,
            StartOfTail start) {
        this.kafka = kafka;
        this.attestations = new TopicPartition(Topics.ATTESTATIONS, partition);
        this.outcomes = new TopicPartition(Topics.OUTCOMES, partition);
        this.checkpoints = new TopicPartition(Topics.CHECKPOINTS, partition);
        this.settled = boards.settled();
        this.rejections = boards.rejections();
        this.ids = boards.ids();
        this.tail = start.tail();
        this.onFatal = onFatal;
        this.archived = new ArchivedIds(archive, ids, start.trimmedHash(), closing);
        this.liveFrom = start.liveFrom();
        this.onTopicFrom = start.onTopicFrom();
        this.consumer = kafka.consumer("terraseal-ingest-follower-" + partition, attestations, outcomes, checkpoints);
        consumer.seek(attestations, liveFrom);
        consumer.seekToBeginning(List.of(outcomes));
        consumer.seek(checkpoints, start.checkpointsEnd());
        this.live = thread("ingest-follower", this::follow);
        this.loader = thread("ingest-id-loader", this::load);
    }

    /** Where what goes by is put. */
    public record Boards(SettledEvents settled, RecentRejections rejections, KnownIds ids) {}

    /**
     * Finds where the archive ends (by the newest checkpoint) and follows from there.
     *
     * @param onFatal told once when following cannot go on; the service must stop then, for its answers would be old
     */
    public static LogFollower start(
            KafkaConnection kafka,
            int partition,
            Boards boards,
            ArchivedEntries archive,
            InstantSource clock,
            Consumer<Throwable> onFatal)
            throws NoteException, StoreException {
        StartOfTail start = StartOfTail.find(kafka, partition, archive, clock);
        LogFollower follower = new LogFollower(kafka, partition, boards, archive, onFatal, start);
        follower.live.start();
        follower.loader.start();
        return follower;
    }

    public LogTail tail() {
        return tail;
    }

    private Thread thread(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (WakeupException | InterruptException stop) {
                        if (!stopping) {
                            onFatal.accept(stop);
                        }
                    } catch (RuntimeException broken) {
                        onFatal.accept(broken);
                    }
                },
                name);
        thread.setDaemon(true);
        return thread;
    }

    private void follow() {
        while (!stopping) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.topic().equals(Topics.ATTESTATIONS)) {
                    entry(record);
                } else if (record.topic().equals(Topics.OUTCOMES)) {
                    outcome(OutcomeRecord.decode(record.value()));
                } else {
                    checkpoint(record);
                }
            }
        }
        consumer.close();
    }

    private void entry(ConsumerRecord<byte[], byte[]> record) {
        AttestationRecord entry = attestation(record);
        ids.add(entry.statement());
        tail.entry(entry);
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

    private void checkpoint(ConsumerRecord<byte[], byte[]> record) {
        try {
            SignedNote note = StartOfTail.note(record);
            tail.checkpoint(note, Checkpoint.parse(note.text()).size());
        } catch (NoteException foreign) {
            throw new IllegalStateException(
                    Topics.CHECKPOINTS + " holds something that is no checkpoint at offset " + record.offset()
                            + ": only the archiver may write there; look at that topic's ACLs",
                    foreign);
        }
    }

    private void load() {
        long begin = System.nanoTime();
        boolean whole = archived.load(onTopicFrom);
        try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reader =
                kafka.consumer("terraseal-ingest-ids", attestations)) {
            reader.seekToBeginning(List.of(attestations));
            while (!stopping && reader.position(attestations) < liveFrom) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    if (record.offset() < liveFrom) {
                        ids.add(attestation(record).statement());
                    }
                }
            }
        }
        if (!stopping && whole) {
            ids.markComplete();
            LOG.info("event=ids-complete ids={} millis={}", ids.size(), (System.nanoTime() - begin) / 1_000_000);
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
    }
}
