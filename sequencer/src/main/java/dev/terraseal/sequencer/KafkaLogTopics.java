package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.kafka.CheckpointNotes;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import dev.terraseal.sequencer.start.StartFacts;
import dev.terraseal.sequencer.state.Entry;
import dev.terraseal.sequencer.state.EventJudge;
import dev.terraseal.sequencer.state.TopicIds;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** {@link LogTopics} in Kafka. The clock only says for how long to wait for an undecided transaction. */
final class KafkaLogTopics implements LogTopics {
    private final SequencerConfig config;
    private final CheckpointedSize checkpointed;
    private final Supplier<EventReading> reading;
    private final InstantSource clock;

    /** @param reading makes a reader of event values, to tell ticks */
    KafkaLogTopics(
            SequencerConfig config, SignatureChecker checker, Supplier<EventReading> reading, InstantSource clock) {
        this.config = config;
        this.checkpointed = new CheckpointedSize(config.logs(), checker);
        this.reading = reading;
        this.clock = clock;
    }

    @Override
    public TopicIds ids() {
        try (Admin admin = admin()) {
            return ids(admin);
        }
    }

    private TopicIds ids(Admin admin) {
        SequencerTopics topics = config.topics();
        Map<String, TopicDescription> found = TopicAdmin.get(
                admin.describeTopics(List.of(topics.events(), topics.sequenced()))
                        .allTopicNames(),
                "describe the topics");
        return new TopicIds(id(found, topics.events()), id(found, topics.sequenced()));
    }

    private static Bytes id(Map<String, TopicDescription> found, String topic) {
        TopicDescription description = found.get(topic);
        if (description == null) {
            throw new SequencerStoppedException(
                    "topic " + topic + " does not exist; create it with 'terraseal topics create'", null);
        }
        Uuid id = description.topicId();
        return Bytes.wrap(ByteBuffer.allocate(TopicIds.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    @Override
    public StartFacts facts(int partition, StartFacts.@Nullable Stored stored, KeyRing keys) {
        try (Admin admin = admin()) {
            // First the committed offset, then the output: the other way round a commit in between looks like a loss.
            OptionalLong committed = committed(admin, partition);
            Optional<ConsumerRecord<byte[], byte[]>> newest;
            StartFacts.Output output;
            try (TopicEnd end = open(admin, config.topics().sequenced(), partition)) {
                newest = end.newest();
                output = newest.isEmpty() ? null : output(end, EntryHeaders.of(newest.get()), stored);
            }
            return new StartFacts(
                    config.logs().get(partition).origin(),
                    partition,
                    ids(admin),
                    events(admin, partition),
                    output,
                    stored,
                    committed,
                    unanswered(admin, partition, newest, committed),
                    Math.max(config.floors().get(partition), checkpointed(admin, partition, keys)));
        }
    }

    private OptionalLong committed(Admin admin, int partition) {
        OffsetAndMetadata committed = TopicAdmin.get(
                        admin.listConsumerGroupOffsets(
                                        Map.of(config.applicationId(), new ListConsumerGroupOffsetsSpec()),
                                        new ListConsumerGroupOffsetsOptions().requireStable(true))
                                .partitionsToOffsetAndMetadata(config.applicationId()),
                        "say the committed offset of group " + config.applicationId())
                .get(new TopicPartition(config.topics().events(), partition));
        return committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset());
    }

    private StartFacts.Events events(Admin admin, int partition) {
        TopicPartition events = new TopicPartition(config.topics().events(), partition);
        return new StartFacts.Events(
                offset(admin, events, OffsetSpec.earliest()), offset(admin, events, OffsetSpec.latest()));
    }

    private static long offset(Admin admin, TopicPartition partition, OffsetSpec spec) {
        ListOffsetsOptions raw = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
        return TopicAdmin.get(
                        admin.listOffsets(Map.of(partition, spec), raw).partitionResult(partition),
                        "say where " + partition + " begins and ends")
                .offset();
    }

    private static StartFacts.Output output(TopicEnd end, EntryHeaders last, StartFacts.@Nullable Stored stored) {
        long first = end.begin() == 0 ? 0 : oldest(end);
        Digest atStored = stored == null
                ? null
                : end.find(new SequenceNumber(stored.next() - 1))
                        .map(record -> EntryHeaders.of(record).entryHash())
                        .orElse(null);
        return new StartFacts.Output(first, last.sequence().value(), last.source(), atStored);
    }

    private static long oldest(TopicEnd end) {
        return end.oldestEntry()
                .map(record -> EntryHeaders.of(record).sequence().value())
                .orElse(0L);
    }

    /**
     * The first event after the newest entry's and before {@code committed} that left neither entry, rejection nor
     * outcome, and should have. A tick there left nothing rightly where the newest entry is a heads entry or there is none;
     * after any other its heads entry was lost.
     */
    private OptionalLong unanswered(
            Admin admin, int partition, Optional<ConsumerRecord<byte[], byte[]>> newest, OptionalLong committed) {
        long from = newest.map(record -> EntryHeaders.of(record).source() + 1).orElse(0L);
        long to = committed.orElse(0);
        if (to <= from) {
            return OptionalLong.empty();
        }
        boolean ticksLeaveNothing = newest.isEmpty() || isHeads(newest.get());
        EventReading reader = reading.get();
        BitSet answered = new BitSet();
        answered(admin, config.topics().rejected(), partition, from, to, answered);
        answered(admin, config.topics().outcomes(), partition, from, to, answered);
        long[] first = {-1};
        try (TopicEnd events = open(admin, config.topics().events(), partition)) {
            events.readRange(from, to, record -> {
                if (first[0] < 0
                        && !answered(answered, record.offset() - from)
                        && !(ticksLeaveNothing && isTick(record.value(), reader))) {
                    first[0] = record.offset();
                }
            });
        }
        return first[0] < 0 ? OptionalLong.empty() : OptionalLong.of(first[0]);
    }

    private static boolean isHeads(ConsumerRecord<byte[], byte[]> record) {
        boolean[] heads = {false};
        give(
                record,
                entry -> heads[0] =
                        StatementIdentity.scan(entry.statement()).stream().equals(StreamId.LOG));
        return heads[0];
    }

    /** One that cannot be read now counts as none: it is taken again, and leaves again what it left. */
    private static boolean isTick(byte @Nullable [] value, EventReading reader) {
        try {
            return reader.decode(value).fold(decoded -> EventJudge.isTick(decoded.event()), refused -> false);
        } catch (RegistryUnavailableException silent) {
            return false;
        }
    }

    /** By distance: a flood that is refused may be millions, and a bit each is what they may cost here. */
    private static boolean answered(BitSet answered, long distance) {
        return distance <= Integer.MAX_VALUE && answered.get((int) distance);
    }

    /**
     * Reads as much of the topic's end as so many answers can take up, transaction markers included. Answers missed here
     * are given once more, which harms nobody.
     */
    private void answered(Admin admin, String topic, int partition, long from, long to, BitSet answered) {
        try (TopicEnd end = open(admin, topic, partition)) {
            end.readFrom(end.end() - 4 * (to - from) - 1_000, record -> {
                OptionalLong source = EntryHeaders.source(record);
                long distance = source.orElse(-1) - from;
                if (distance >= 0 && distance < Integer.MAX_VALUE) {
                    answered.set((int) distance);
                }
            });
        }
    }

    private long checkpointed(Admin admin, int partition, KeyRing keys) {
        try (TopicEnd end = open(admin, config.topics().checkpoints(), partition)) {
            return checkpointed.of(CheckpointNotes.last(end), keys, partition);
        }
    }

    @Override
    public void readFrom(int partition, long from, Consumer<Entry> each) {
        try (Admin admin = admin();
                TopicEnd end = open(admin, config.topics().sequenced(), partition)) {
            Optional<Long> offset = from == 0 ? Optional.of(end.begin()) : end.offsetOf(new SequenceNumber(from));
            if (offset.isPresent()) {
                end.readFrom(offset.get(), record -> give(record, each));
            }
        }
    }

    /** Gives a record of {@code sequenced} to {@code each}; one that is no entry of a log stops the sequencer. */
    static void give(ConsumerRecord<byte[], byte[]> record, Consumer<Entry> each) {
        try {
            each.accept(entry(record));
        } catch (IllegalArgumentException notAnEntry) {
            throw new SequencerStoppedException(
                    "the record at offset " + record.offset() + " of " + record.topic() + " partition "
                            + record.partition() + " holds no statement of this log: " + notAnEntry.getMessage()
                            + ". The log is not continued. Either somebody else may write to that topic, or the broker"
                            + " lost bytes: verify the archive (terraseal verify ARCHIVE), restore the topic from a"
                            + " replica or a backup, and start again",
                    notAnEntry);
        }
    }

    private static Entry entry(ConsumerRecord<byte[], byte[]> record) {
        EntryHeaders headers = EntryHeaders.of(record);
        SequencedRecord value = SequencedRecord.decode(record.value());
        return new Entry(value.sequence().value(), headers.source(), value.entryHash(), value.statement());
    }

    private TopicEnd open(Admin admin, String topic, int partition) {
        return TopicEnd.open(
                config.kafka(), admin, config.applicationId() + "-start", new TopicPartition(topic, partition), clock);
    }

    private Admin admin() {
        return config.kafka().admin(config.applicationId() + "-start");
    }
}
