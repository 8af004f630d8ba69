package dev.terraseal.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.SequencedRecord;
import dev.terraseal.sequencer.state.Chunk;
import dev.terraseal.sequencer.state.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Streams does to a processor that no topology test shows: aborts, and init() again on the same object. */
class SequenceProcessorTest {
    private final LogFixture log = new LogFixture();
    private final FakeLogTopics topics = new FakeLogTopics(log.declaration);
    private final MockProcessorContext<OutputKey, byte[]> context = new MockProcessorContext<>();
    private SequenceProcessor processor;
    private MockProcessorContext<OutputKey, byte[]> broken;
    private KeyValueStore<byte[], byte[]> store;

    @BeforeEach
    void start() {
        processor = new SequenceProcessor(
                new SequenceProcessor.Shared(
                        partition -> log.declaration,
                        topics,
                        SequencerDriver.SCHEMAS,
                        log.checker,
                        new Failures(),
                        () -> {},
                        new SequencerProgress()),
                this::read);
        store = newStore();
        processor.init(context);
    }

    private DecodedEvent read(byte[] value) {
        String id = new String(value, StandardCharsets.UTF_8);
        return new DecodedEvent.Decoded(LogFixture.apply("acme/" + id.length(), id));
    }

    private KeyValueStore<byte[], byte[]> newStore() {
        KeyValueStore<byte[], byte[]> made = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(SequencerTopology.CHUNKS), Serdes.ByteArray(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        made.init(context.getStateStoreContext(), made);
        context.addStateStore(made);
        return made;
    }

    private void process(long offset, String id) {
        context.setRecordMetadata("terraseal.events", 0, offset);
        processor.process(
                new Record<>(null, id.getBytes(StandardCharsets.UTF_8), SequencerDriver.TIME, new RecordHeaders()));
    }

    /** What was forwarded since the last call. */
    private List<Entry> forwarded() {
        List<Entry> entries = new ArrayList<>();
        context.forwarded().forEach(each -> {
            assertThat(each.childName()).contains(SequencerTopology.SEQUENCED_SINK);
            SequencedRecord value = SequencedRecord.decode(each.record().value());
            entries.add(new Entry(
                    value.sequence().value(),
                    context.recordMetadata().orElseThrow().offset(),
                    value.entryHash(),
                    value.statement()));
        });
        context.resetForwards();
        return entries;
    }

    @Test
    void whatAnAbortedTransactionLeftInMemoryIsForgotten() {
        process(0, "a");
        topics.entries.addAll(forwarded());
        process(1, "b");
        List<Entry> aborted = forwarded();
        processor.init(context); // the transaction with b was aborted
        process(1, "b");
        assertThat(forwarded()).isEqualTo(aborted);
    }

    @Test
    void anAbortOfTheVeryFirstTransactionBeginsAtTheGenesisAgain() {
        process(0, "a");
        List<Entry> aborted = forwarded();
        processor.init(context);
        process(0, "a");
        assertThat(forwarded())
                .isEqualTo(aborted)
                .singleElement()
                .satisfies(entry -> assertThat(entry.sequence()).isZero());
    }

    @Test
    void withTheStoreKeptOnlyTheTailIsRead() {
        for (int i = 0; i < 2 * Chunk.ENTRIES + 5; i++) {
            process(i, "run-" + i);
            topics.entries.addAll(forwarded());
        }
        topics.readFrom.clear();
        processor.init(context);
        assertThat(topics.readFrom).containsExactly(2L * Chunk.ENTRIES);
        process(500, "run-3");
        assertThat(context.forwarded())
                .singleElement()
                .satisfies(answer -> assertThat(answer.childName()).contains(SequencerTopology.OUTCOMES_SINK));
        context.resetForwards();
        process(501, "new");
        assertThat(forwarded())
                .singleElement()
                .satisfies(entry -> assertThat(entry.sequence()).isEqualTo(2L * Chunk.ENTRIES + 5));
    }

    @Test
    void aStoreThatIsLongerThanTheLogStops() {
        for (int i = 0; i < Chunk.ENTRIES; i++) {
            process(i, "run-" + i);
        }
        topics.eventsEnd = Chunk.ENTRIES - 1;
        assertThatThrownBy(() -> processor.init(context))
                .isInstanceOf(SequencerStoppedException.class)
                .hasMessageContaining("the state store knows 128 entries, but terraseal.sequenced is empty");
    }

    @Test
    void aStoreThatIsLongerThanTheLogIsSetAsideWhereTheEventsAreThereToMakeTheRestAgain() {
        for (int i = 0; i < Chunk.ENTRIES; i++) {
            process(i, "run-" + i);
        }
        topics.eventsEnd = Chunk.ENTRIES;
        processor.init(context);
        assertThat(topics.readFrom).endsWith(0L);
        context.resetForwards();
        process(0, "run-0");
        assertThat(forwarded())
                .singleElement()
                .satisfies(entry -> assertThat(entry.sequence()).isZero());
    }

    @Test
    void anEventThatFailsOnceIsTakenAgainAndOneThatFailsTwiceStops() {
        SequenceProcessor fragile = failing(new IllegalStateException("broken disk"));
        assertThatThrownBy(() -> fragile.process(record())).isInstanceOf(TaskCorruptedException.class);
        fragile.init(broken);
        assertThatThrownBy(() -> fragile.process(record()))
                .isInstanceOf(SequencerStoppedException.class)
                .hasMessageContaining("event 7 of partition 0 failed twice")
                .hasMessageContaining("broken disk");
    }

    @Test
    void streamsOwnSignalsPassThroughUncounted() {
        TaskMigratedException migrated = new TaskMigratedException("fenced");
        SequenceProcessor fragile = failing(migrated);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> fragile.process(record())).isSameAs(migrated);
        }
    }

    private Record<byte[], byte[]> record() {
        context.setRecordMetadata("terraseal.events", 0, 7);
        return new Record<>(null, new byte[] {1}, SequencerDriver.TIME, new RecordHeaders());
    }

    /** A processor whose outputs cannot be written. */
    private SequenceProcessor failing(RuntimeException with) {
        broken = new BrokenContext<>(with);
        broken.addStateStore(store);
        broken.setRecordMetadata("terraseal.events", 0, 7);
        SequenceProcessor made = new SequenceProcessor(
                new SequenceProcessor.Shared(
                        partition -> log.declaration,
                        topics,
                        SequencerDriver.SCHEMAS,
                        log.checker,
                        new Failures(),
                        () -> {},
                        new SequencerProgress()),
                this::read);
        made.init(broken);
        return made;
    }

    @Test
    void everyOutputNamesThePartitionOfItsLogWhateverTheKey() {
        Optional<Set<Integer>> second = OutputKey.partition(1);
        for (String stream : List.of("a", "b", "acme/prod")) {
            OutputKey key = new OutputKey(
                    second, Bytes.utf8(new StreamId(stream).value()).toByteArray());
            assertThat(OutputKey.partitioner().partitions("terraseal.sequenced", key, new byte[0], 2))
                    .contains(Set.of(1));
        }
    }

    private static final class BrokenContext<K, V> extends MockProcessorContext<K, V> {
        private final RuntimeException with;

        BrokenContext(RuntimeException with) {
            this.with = with;
        }

        @Override
        public <A extends K, B extends V> void forward(Record<A, B> record, String child) {
            throw with;
        }
    }
}
