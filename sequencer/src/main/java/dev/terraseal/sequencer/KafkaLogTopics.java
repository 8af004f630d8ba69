package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.sequencer.start.StartFacts;
import dev.terraseal.sequencer.state.Entry;
import dev.terraseal.sequencer.state.TopicIds;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
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
    private final InstantSource clock;

    KafkaLogTopics(SequencerConfig config, InstantSource clock) {
        this.config = config;
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
    public StartFacts facts(int partition, StartFacts.@Nullable Stored stored) {
        try (Admin admin = admin()) {
            // First the committed offset, then the output: the other way round a commit in between looks like a loss.
            OptionalLong committed = committed(admin, partition);
            StartFacts.Output output = output(admin, partition, stored);
            return new StartFacts(
                    config.logs().get(partition).origin(),
                    partition,
                    ids(admin),
                    events(admin, partition),
                    output,
                    stored,
                    committed,
                    unanswered(admin, partition, output == null ? 0 : output.lastSource() + 1, committed),
                    Math.max(config.floors().get(partition), checkpointed(admin, partition)));
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

    private StartFacts.@Nullable Output output(Admin admin, int partition, StartFacts.@Nullable Stored stored) {
        try (TopicEnd end = open(admin, config.topics().sequenced(), partition)) {
            Optional<EntryHeaders> last = end.newest().map(EntryHeaders::of);
            if (last.isEmpty()) {
                return null;
            }
            long first = end.begin() == 0 ? 0 : oldest(end);
            Digest atStored = stored == null
                    ? null
                    : end.find(new SequenceNumber(stored.next() - 1))
                            .map(record -> EntryHeaders.of(record).entryHash())
                            .orElse(null);
            return new StartFacts.Output(
                    first, last.get().sequence().value(), last.get().source(), atStored);
        }
    }

    private static long oldest(TopicEnd end) {
        return end.oldestEntry()
                .map(record -> EntryHeaders.of(record).sequence().value())
                .orElse(0L);
    }

    /**
     * The first event in {@code [from, committed)} that left neither entry, rejection nor outcome. A tick that rightly left
     * nothing is among them and leaves nothing again; one whose heads entry was lost would be missed by any other rule.
     */
    private OptionalLong unanswered(Admin admin, int partition, long from, OptionalLong committed) {
        long to = committed.orElse(0);
        if (to <= from) {
            return OptionalLong.empty();
        }
        BitSet answered = new BitSet();
        answered(admin, config.topics().rejected(), partition, from, to, answered);
        answered(admin, config.topics().outcomes(), partition, from, to, answered);
        long[] first = {-1};
        try (TopicEnd events = open(admin, config.topics().events(), partition)) {
            events.readRange(from, to, record -> {
                if (first[0] < 0 && !answered(answered, record.offset() - from)) {
                    first[0] = record.offset();
                }
            });
        }
        return first[0] < 0 ? OptionalLong.empty() : OptionalLong.of(first[0]);
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

    private long checkpointed(Admin admin, int partition) {
        try (TopicEnd end = open(admin, config.topics().checkpoints(), partition)) {
            Optional<ConsumerRecord<byte[], byte[]>> newest = end.newest();
            if (newest.isEmpty()) {
                return 0;
            }
            Checkpoint checkpoint = Checkpoint.parse(
                    SignedNote.parse(Bytes.wrap(newest.get().value())).text());
            if (!checkpoint.origin().equals(config.logs().get(partition).origin())) {
                throw new SequencerStoppedException(
                        "partition " + partition + " of " + config.topics().checkpoints() + " belongs to log "
                                + checkpoint.origin() + ", but log "
                                + config.logs().get(partition).origin()
                                + " is configured for it: put log.files in the order of the partitions",
                        null);
            }
            return checkpoint.size();
        } catch (NoteException notANote) {
            throw new SequencerStoppedException(
                    "the newest record of " + config.topics().checkpoints() + " (partition " + partition
                            + ") is no checkpoint: " + notANote.getMessage()
                            + ". Something else writes to that topic; find it before the log goes on",
                    notANote);
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
