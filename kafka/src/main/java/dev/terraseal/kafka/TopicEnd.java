package dev.terraseal.kafka;

import dev.terraseal.core.bytes.SequenceNumber;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The one rule by which a stage reads the end of its output, and so finds where to take up its work.
 *
 * <p>Transaction markers reach partitions one by one: a stage may already see that its last transaction was committed
 * elsewhere while this partition still hides the records of it. Whoever then reads "to the end" with read_committed
 * misses them and makes them a second time, with other content: a fork. So: fence first (the caller, by
 * {@code initTransactions()} or by owning the group's partition); then the end as READ_UNCOMMITTED sees it, which is
 * fixed when this object is opened; then read_committed until the position passes that end, however long it takes while
 * it moves.
 *
 * <p>A record without an entry's headers was written by somebody else. Looking for an entry passes over it: where it lies
 * is found by whoever reads on from there, always in the same place, and not now and then by a search that happens upon it.
 * Not thread-safe.
 */
public final class TopicEnd implements AutoCloseable {
    /**
     * A transaction of ours times out after 10 s, a broker looks for such ones every 10 s, and whoever wrote it may be
     * starting at this moment, on a busy machine, to end it.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** No one poll takes longer; where the clock says so, it was set or the machine slept, and nobody waited. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(1);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long FIRST_STEP = 1_024;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final InstantSource clock;
    private final Duration patience;
    private final long begin;
    private final long end;

    private TopicEnd(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            InstantSource clock,
            Duration patience,
            long begin,
            long end) {
        this.consumer = consumer;
        this.partition = partition;
        this.clock = clock;
        this.patience = patience;
        this.begin = begin;
        this.end = end;
    }

    /** Call only after older writers of the partition are fenced; the end is that of this moment. */
    public static TopicEnd open(
            KafkaConnection connection, String clientId, TopicPartition partition, InstantSource clock) {
        return open(connection, clientId, partition, clock, PATIENCE);
    }

    static TopicEnd open(
            KafkaConnection connection,
            String clientId,
            TopicPartition partition,
            InstantSource clock,
            Duration patience) {
        try (Admin admin = connection.admin(clientId)) {
            return open(connection, admin, clientId, partition, clock, patience);
        }
    }

    /** As the other, with an admin client that is there already; making one takes longer than the rest. */
    public static TopicEnd open(
            KafkaConnection connection, Admin admin, String clientId, TopicPartition partition, InstantSource clock) {
        return open(connection, admin, clientId, partition, clock, PATIENCE);
    }

    private static TopicEnd open(
            KafkaConnection connection,
            Admin admin,
            String clientId,
            TopicPartition partition,
            InstantSource clock,
            Duration patience) {
        long begin = offset(admin, partition, OffsetSpec.earliest());
        long end = offset(admin, partition, OffsetSpec.latest());
        return new TopicEnd(connection.seekingConsumer(clientId, partition), partition, clock, patience, begin, end);
    }

    private static long offset(Admin admin, TopicPartition partition, OffsetSpec spec) {
        return TopicAdmin.get(
                        admin.listOffsets(
                                        Map.of(partition, spec),
                                        new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                                .partitionResult(partition),
                        "say where " + partition + " begins and ends")
                .offset();
    }

    /** The first offset that is still there: above 0 when the topic was trimmed. */
    public long begin() {
        return begin;
    }

    /** One past the last offset, undecided and aborted records and markers included. */
    public long end() {
        return end;
    }

    /** The newest committed record, if one is left. Reads back from the end in growing steps. */
    public Optional<ConsumerRecord<byte[], byte[]>> newest() {
        return newest(any -> true);
    }

    /** The committed records among the last {@code offsets}, in order. */
    public List<ConsumerRecord<byte[], byte[]>> last(long offsets) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        readRange(end - offsets, end, records::add);
        return records;
    }

    /** The newest record that has an entry's sequence. */
    public Optional<ConsumerRecord<byte[], byte[]>> newestEntry() {
        return newest(EntryHeaders::numbered);
    }

    /** The newest committed record that is {@code wanted}. */
    public Optional<ConsumerRecord<byte[], byte[]>> newest(Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        long to = end;
        for (long step = FIRST_STEP; to > begin; step *= 4) {
            long from = Math.max(begin, to - step);
            Newest newest = new Newest(wanted);
            read(from, to, newest);
            if (newest.record != null) {
                return Optional.of(newest.record);
            }
            to = from;
        }
        return Optional.empty();
    }

    /** The oldest committed record with an entry's sequence that is still there. */
    public Optional<ConsumerRecord<byte[], byte[]>> oldestEntry() {
        return firstIn(begin, end);
    }

    /** Every committed record from {@code from}, or from {@link #begin()}, up to {@code to}, or to the end, in order. */
    public void readRange(long from, long to, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        read(Math.max(begin, from), Math.min(end, to), reader);
    }

    /** Every committed record from {@code from}, or from {@link #begin()} if that is later, to the end, in order. */
    public void readFrom(long from, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        read(Math.max(begin, from), end, reader);
    }

    /**
     * The offset of the record with header {@code seq} = {@code sequence}; empty if there is none. Some 20 reads among a
     * million, because sequences grow with offsets.
     */
    public Optional<Long> offsetOf(SequenceNumber sequence) {
        return find(sequence).map(ConsumerRecord::offset);
    }

    /**
     * The record of {@link #offsetOf}. Looked for from the end in growing steps first, for what is wanted is mostly near
     * it; then by halves; and the last step reads on, because one fetch brings a thousand records anyway.
     */
    public Optional<ConsumerRecord<byte[], byte[]>> find(SequenceNumber sequence) {
        long low = begin;
        long high = end;
        for (long step = FIRST_STEP; high - low > step; step *= 4) {
            Optional<ConsumerRecord<byte[], byte[]>> found = firstIn(end - step, high);
            if (found.isPresent() && EntryHeaders.sequence(found.get()).compareTo(sequence) <= 0) {
                low = found.get().offset();
                break;
            }
            high = end - step;
        }
        while (high - low > FIRST_STEP) {
            long middle = low + (high - low) / 2;
            Optional<ConsumerRecord<byte[], byte[]>> found = firstIn(middle, high);
            if (found.isEmpty() || EntryHeaders.sequence(found.get()).compareTo(sequence) > 0) {
                high = middle;
            } else {
                low = found.get().offset();
            }
        }
        Newest wanted = new Newest(record ->
                EntryHeaders.numbered(record) && EntryHeaders.sequence(record).equals(sequence));
        read(low, high, wanted);
        return Optional.ofNullable(wanted.record);
    }

    /** The first with an entry's sequence. */
    private Optional<ConsumerRecord<byte[], byte[]>> firstIn(long from, long to) {
        consumer.seek(partition, from);
        Waited waited = new Waited();
        for (long position = from; position < to; ) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                if (record.offset() >= to) {
                    return Optional.empty();
                }
                if (EntryHeaders.numbered(record)) {
                    return Optional.of(record);
                }
            }
            long now = consumer.position(partition, patience);
            waited.check(position, now);
            position = now;
        }
        return Optional.empty();
    }

    private void read(long from, long to, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        consumer.seek(partition, from);
        Waited waited = new Waited();
        for (long position = from; position < to; ) {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.offset() < to) {
                    reader.accept(record);
                }
            }
            long now = consumer.position(partition, patience);
            waited.check(position, now);
            position = now;
        }
    }

    /** For how long the position has stood still. */
    private final class Waited {
        private Instant last = clock.instant();
        private Duration still = Duration.ZERO;

        void check(long before, long now) {
            Instant instant = clock.instant();
            Duration step = Duration.between(last, instant);
            last = instant;
            if (now > before) {
                still = Duration.ZERO;
            } else if (!step.isNegative()) {
                still = still.plus(step.compareTo(LONGEST_STEP) > 0 ? LONGEST_STEP : step);
            }
            if (still.compareTo(patience) > 0) {
                requireAnswer(now);
                throw new UndecidedTransactionException(partition, now, end, patience);
            }
        }
    }

    /** An open transaction holds a reader up who is answered; one who is not knows nothing of it. */
    private void requireAnswer(long position) {
        try {
            consumer.endOffsets(List.of(partition), patience);
        } catch (org.apache.kafka.common.errors.TimeoutException silent) {
            throw new KafkaUnavailableException(
                    "Kafka stopped answering while " + partition + " was read at offset " + position, silent);
        }
    }

    private static final class Newest implements java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> {
        private final Predicate<ConsumerRecord<byte[], byte[]>> wanted;
        private @Nullable ConsumerRecord<byte[], byte[]> record;

        Newest(Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
            this.wanted = wanted;
        }

        @Override
        public void accept(ConsumerRecord<byte[], byte[]> next) {
            if (wanted.test(next)) {
                record = next;
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
