package dev.terraseal.sequencer;

import static dev.terraseal.sequencer.SequencerDriver.EVENT_SCHEMA;
import static dev.terraseal.sequencer.SequencerDriver.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.schemas.RejectedRecord;
import dev.terraseal.schemas.json.EventEncoder;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import dev.terraseal.schemas.sample.SampleEvents;
import dev.terraseal.sequencer.state.Chunk;
import dev.terraseal.sequencer.state.ChunkCodec;
import dev.terraseal.sequencer.state.Entry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequencerTopologyTest {
    @TempDir
    Path state;

    private final LogFixture log = new LogFixture();
    private final SampleEvents sample = new SampleEvents(new Random(4711), 16);
    private FakeLogTopics topics;

    @BeforeEach
    void emptyLog() {
        topics = new FakeLogTopics(log.declaration);
    }

    private SequencerDriver driver() {
        return new SequencerDriver(log, topics, state.resolve("state"));
    }

    private static void send(SequencerDriver driver, EventRecord event) {
        driver.send(event.stream().value(), event.encode(EVENT_SCHEMA));
    }

    private void requireChained() {
        Digest newest = log.declaration.genesis();
        for (int i = 0; i < topics.entries.size(); i++) {
            Statement statement = Statement.parse(topics.entries.get(i).statement());
            assertThat(statement.sequence().value()).isEqualTo(i);
            assertThat(statement.link().prevHash()).isEqualTo(newest);
            newest = statement.entryHash();
        }
    }

    @Test
    void eventsBecomeAChainAndDuplicatesAreAnsweredWithTheirFirstSequence() {
        try (SequencerDriver driver = driver()) {
            EventRecord first = sample.next();
            send(driver, first);
            send(driver, sample.next());
            send(driver, first);
            List<Entry> entries = driver.entries();
            assertThat(entries).extracting(Entry::sequence).containsExactly(0L, 1L);
            assertThat(entries).extracting(Entry::source).containsExactly(0L, 1L);
            Statement statement = Statement.parse(entries.get(0).statement());
            assertThat(statement.receivedAt()).isEqualTo(new Timestamp(TIME));
            assertThat(statement.stream()).isEqualTo(first.stream());
            assertThat(driver.rejected()).isEmpty();
            assertThat(driver.outcomes()).singleElement().satisfies(outcome -> {
                assertThat(outcome.outcome()).isEqualTo(OutcomeRecord.Kind.DUPLICATE);
                assertThat(outcome.sourceOffset()).isEqualTo(2);
                assertThat(outcome.sequence().value()).isZero();
                assertThat(outcome.id()).isEqualTo(first.id());
                assertThat(outcome.content()).isEqualTo(statement.contentDigest());
            });
        }
        requireChained();
    }

    @Test
    void theSameEventsGiveTheSameBytesWhateverRunsThem() {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            values.add(sample.next().encode(EVENT_SCHEMA));
        }
        List<Entry> once;
        try (SequencerDriver driver = driver()) {
            values.forEach(value -> driver.send("k", value));
            once = driver.entries();
        }
        topics = new FakeLogTopics(log.declaration);
        try (SequencerDriver driver = new SequencerDriver(log, topics, state.resolve("other"))) {
            values.forEach(value -> driver.send("k", value));
            assertThat(driver.entries()).isEqualTo(once);
        }
    }

    @Test
    void aTickMakesAHeadsEntryOnlyWhereSomethingIsNew() {
        try (SequencerDriver driver = driver()) {
            byte[] tick = EventEncoder.headsTick(new Timestamp(TIME)).encode(EVENT_SCHEMA);
            driver.send("_log", tick);
            assertThat(driver.entries()).isEmpty();
            send(driver, sample.next());
            driver.send("_log", tick);
            driver.send("_log", tick);
            List<Entry> entries = driver.entries();
            assertThat(entries).hasSize(2);
            Statement heads = Statement.parse(entries.get(1).statement());
            assertThat(heads.type()).isEqualTo(PredicateType.HEADS);
            assertThat(heads.id().value()).isEqualTo("heads-1");
            assertThat(driver.outcomes()).isEmpty();
            assertThat(driver.rejected()).isEmpty();
        }
        requireChained();
    }

    @Test
    void garbageIsKeptWithItsReasonAndTheLogGoesOn() {
        Random random = new Random(7);
        byte[] noise = new byte[300];
        random.nextBytes(noise);
        noise[0] = 9;
        byte[] large = new byte[900_000];
        random.nextBytes(large);
        large[0] = 0;
        byte[] unknownSchema = sample.next().encode(77);
        byte[] cut = Arrays.copyOf(sample.next().encode(EVENT_SCHEMA), 200);
        byte[] longer = Arrays.copyOf(sample.next().encode(EVENT_SCHEMA), 4_000);
        try (SequencerDriver driver = driver()) {
            send(driver, sample.next());
            for (byte[] each :
                    Arrays.asList(noise, large, unknownSchema, cut, longer, new byte[0], new byte[5], null)) {
                driver.send("some/key", each);
                driver.send((String) null, each);
            }
            EventRecord last = sample.next();
            send(driver, last);
            List<RejectedRecord> rejected = driver.rejected();
            assertThat(rejected).hasSize(16);
            assertThat(rejected.stream().map(RejectedRecord::reason).distinct())
                    .containsExactlyInAnyOrder("malformed-record", "unknown-schema");
            assertThat(rejected.get(0).original()).isEqualTo(Bytes.copyOf(noise));
            assertThat(rejected.get(0).sourceOffset()).isEqualTo(1);
            RejectedRecord tooLarge = rejected.get(2);
            assertThat(tooLarge.isWhole()).isFalse();
            assertThat(tooLarge.originalLength()).isEqualTo(900_000);
            assertThat(tooLarge.originalSha256()).isEqualTo(Digest.of(Bytes.copyOf(large)));
            assertThat(driver.outcomes())
                    .hasSize(16)
                    .allSatisfy(outcome -> assertThat(outcome.outcome()).isEqualTo(OutcomeRecord.Kind.REJECTED));
            assertThat(driver.entries()).extracting(Entry::source).containsExactly(0L, 17L);
        }
        requireChained();
    }

    @Test
    void anIdWithOtherContentIsRejectedAndAnsweredWithTheEntryThatHasIt() {
        EventRecord first = sample.next();
        EventRecord other = sample.next();
        EventRecord conflict = new EventRecord(
                other.type(),
                first.stream(),
                first.id(),
                other.occurredAt(),
                other.subjects(),
                other.body(),
                other.claimed(),
                null,
                null,
                null,
                null);
        try (SequencerDriver driver = driver()) {
            send(driver, first);
            send(driver, conflict);
            assertThat(driver.entries()).hasSize(1);
            assertThat(driver.rejected())
                    .singleElement()
                    .satisfies(rejected -> assertThat(rejected.reason()).isEqualTo("id-conflict"));
            assertThat(driver.outcomes()).singleElement().satisfies(outcome -> {
                assertThat(outcome.sequence().value()).isZero();
                assertThat(outcome.reason()).isEqualTo("id-conflict");
                assertThat(outcome.id()).isEqualTo(first.id());
                assertThat(outcome.content()).isNotNull();
            });
        }
    }

    @Test
    void aRecordWithoutAnAppendTimeIsRejectedNotDropped() {
        try (SequencerDriver driver = driver()) {
            driver.send(null, sample.next().encode(EVENT_SCHEMA), new RecordHeaders(), 0);
            assertThat(driver.rejected()).singleElement().satisfies(rejected -> {
                assertThat(rejected.reason()).isEqualTo("bad-time");
                assertThat(rejected.message()).contains("LogAppendTime");
            });
        }
    }

    @Test
    void headersOfARejectedRecordAreKept() {
        try (SequencerDriver driver = driver()) {
            RecordHeaders headers = new RecordHeaders();
            headers.add("trace", "abc".getBytes(StandardCharsets.UTF_8));
            headers.add("empty", null);
            headers.add("huge", new byte[20_000]);
            driver.send("k".getBytes(StandardCharsets.UTF_8), new byte[] {1}, headers, TIME);
            RejectedRecord rejected = driver.rejected().get(0);
            assertThat(rejected.headers()).hasSize(2);
            assertThat(rejected.headersLeftOut()).isEqualTo(1);
            assertThat(rejected.headers().get(0).value()).isEqualTo(Bytes.utf8("abc"));
        }
    }

    @Test
    void aStoreOfAnotherVersionIsMadeAgainFromTheLog() {
        List<EventRecord> sent = new ArrayList<>();
        try (SequencerDriver driver = driver()) {
            for (int i = 0; i < 3 * Chunk.ENTRIES; i++) {
                sent.add(sample.next());
                send(driver, sent.get(i));
            }
            for (long first : List.of(0L, (long) Chunk.ENTRIES, 2L * Chunk.ENTRIES)) {
                byte[] key = ChunkCodec.key(first);
                byte[] later = driver.store().get(key);
                later[0]++;
                driver.store().put(key, later);
            }
            // What a chunk of other bounds would leave behind.
            driver.store().put(ChunkCodec.key(7), new byte[] {2});
            driver.entries();
        }
        for (int start = 0; start < 2; start++) {
            try (SequencerDriver again = driver()) {
                send(again, sent.get(0));
                send(again, sample.next());
                assertThat(again.outcomes())
                        .singleElement()
                        .satisfies(outcome ->
                                assertThat(outcome.sequence().value()).isZero());
                assertThat(again.store().approximateNumEntries()).isEqualTo(3);
                assertThat(ChunkCodec.decode(again.store().get(ChunkCodec.key(2L * Chunk.ENTRIES)))
                                .next())
                        .isEqualTo(3L * Chunk.ENTRIES);
                again.entries();
            }
        }
        requireChained();
    }

    @Test
    void aLostStoreIsWrittenAgainWithTheNextEvents() {
        EventRecord old = sample.next();
        try (SequencerDriver driver = driver()) {
            send(driver, old);
            for (int i = 0; i < 3 * Chunk.ENTRIES; i++) {
                send(driver, sample.next());
            }
            driver.entries();
        }
        try (SequencerDriver again = new SequencerDriver(log, topics, state.resolve("emptied"))) {
            assertThat(topics.readFrom).endsWith(0L);
            send(again, old);
            assertThat(again.outcomes())
                    .singleElement()
                    .satisfies(outcome -> assertThat(outcome.sequence().value()).isZero());
            assertThat(again.store().approximateNumEntries()).isEqualTo(3);
            send(again, sample.next());
            assertThat(again.entries())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.sequence()).isEqualTo(3 * Chunk.ENTRIES + 1));
        }
        requireChained();
    }

    @Test
    void aShorterLogThanACheckpointKnowsIsNotContinued() {
        topics.floor = 3;
        topics.eventsEnd = 2;
        assertThatThrownBy(this::driver).hasStackTraceContaining("a checkpoint of size 3 exists");
    }

    @Test
    void anOffsetMovedMeanwhileIsNotFollowed() {
        try (SequencerDriver driver = driver()) {
            send(driver, sample.next());
            driver.entries();
        }
        topics.committed = OptionalLong.empty();
        assertThatThrownBy(this::driver).hasStackTraceContaining("the group's offset was moved");
    }

    @Test
    void aSilentRegistryAbortsTheTransactionAndRejectsNothing() {
        int[] asked = {0};
        EventReading silent = value -> {
            asked[0]++;
            throw new RegistryUnavailableException("no answer within 2 s");
        };
        SequencerDriver driver = new SequencerDriver(log, topics, state.resolve("state"), () -> silent);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> driver.send("k", new byte[] {0, 0, 0, 0, 9, 1}))
                    .isInstanceOf(TaskCorruptedException.class);
        }
        assertThat(asked[0]).isEqualTo(3);
        assertThat(driver.rejected()).isEmpty();
        assertThat(driver.entries()).isEmpty();
    }

    @Test
    void everyEntryNamesTheNewestKeyEventBelowItAndOneTheAuthorityDidNotSignIsRejected() {
        List<DecodedEvent> events = new ArrayList<>();
        SoftSigner first = LogFixture.signer(KeyUse.INGEST, SoftKey.newEd25519(new SecureRandom()));
        SoftSigner second = LogFixture.signer(KeyUse.INGEST, SoftKey.newEd25519(new SecureRandom()));
        Event change = log.addKey("k1", first, log.authority, log.declaration.genesis());
        Digest payload =
                Digest.of(LogFixture.json(change.body()).object("authorisation").base64("payload"));
        for (Event event : List.of(
                LogFixture.apply("a", "1"),
                log.addKey("forged", first, log.attest, log.declaration.genesis()),
                change,
                LogFixture.apply("a", "2"),
                log.addKey("k2", second, log.authority, payload),
                LogFixture.apply("a", "3"))) {
            events.add(new DecodedEvent.Decoded(event));
        }
        EventReading reading = value -> events.remove(0);
        try (SequencerDriver driver = new SequencerDriver(log, topics, state.resolve("state"), () -> reading)) {
            while (!events.isEmpty()) {
                driver.send("k", new byte[] {1});
            }
            assertThat(driver.keyEventsBelow()).containsExactly(-1L, -1L, 1L, 1L, 3L);
            assertThat(driver.rejected()).singleElement().satisfies(rejected -> {
                assertThat(rejected.reason()).isEqualTo("unauthorised-key-event");
                assertThat(rejected.message()).contains("0 valid authority signatures; 1 are needed");
            });
        }
    }
}
