package dev.terraseal.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Event;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** The single pass against a naive second implementation, and against bytes that mean nothing. */
class EventDecoderRandomTest {
    private static final int OWN = 3;
    private static final long SEED = Long.getLong("terraseal.seed", 20261122L);

    private final EventDecoder decoder = new EventDecoder(OWN, SchemaSource.none());
    private final Random random = new Random(SEED);
    private final RandomEvents events = new RandomEvents(random);

    @Test
    void onePassWritesWhatTreeAndSortWrite() throws Exception {
        for (int i = 0; i < 2000; i++) {
            GenericRecord event = events.next();
            Event decoded = SampleEventsTest.decoded(decoder.decode(RandomEvents.framed(OWN, event)));
            String where = "seed " + SEED + ", event " + i;
            assertThat(decoded.subjects()).as(where).isEqualTo(naive(event, "subjects"));
            assertThat(decoded.body()).as(where).isEqualTo(naiveBody(event));
            assertThat(decoded.source()).as(where).isEqualTo(naive(event, "source"));
            assertThat(decoded.seenCheckpoint()).as(where).isEqualTo(naive(event, "seenCheckpoint"));
            assertThat(decoded.claimed()).as(where).isEqualTo(naiveClaimed(event));
            assertThat(decoded.id().value()).as(where).isEqualTo(event.get("id"));
            assertThat(decoded.stream().value()).as(where).isEqualTo(event.get("stream"));
            assertThat(decoded.occurredAt().epochMillis()).as(where).isEqualTo(event.get("occurredAt"));
            CanonicalJson.check(decoded.body());
        }
    }

    private static Bytes naive(GenericRecord event, String field) {
        Object value = event.get(field);
        return value == null
                ? null
                : NaiveMapping.json(event.getSchema().getField(field).schema(), value)
                        .bytes();
    }

    private static Bytes naiveBody(GenericRecord event) {
        GenericRecord body = (GenericRecord) event.get("body");
        return NaiveMapping.json(body.getSchema(), body).bytes();
    }

    private static Bytes naiveClaimed(GenericRecord event) {
        GenericRecord source = (GenericRecord) event.get("source");
        if (source == null || source.get("claimed") == null) {
            return null;
        }
        Json.Obj whole = (Json.Obj) NaiveMapping.json(source.getSchema(), source);
        return whole.object("claimed").bytes();
    }

    @Test
    void randomBytesAreRefusedAndNothingElse() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            if (garbage.length > 5 && random.nextBoolean()) {
                System.arraycopy(ConfluentFraming.frame(OWN, Bytes.EMPTY), 0, garbage, 0, 5);
            }
            assertThat(decoder.decode(garbage))
                    .as("seed %d, record %d: %s", SEED, i, Bytes.copyOf(garbage))
                    .isInstanceOf(DecodedEvent.Refused.class);
        }
    }

    @Test
    void whateverIsBrokenInARecordTheAnswerIsAnEventOrARefusal() throws Exception {
        int refused = 0;
        int total = 20_000;
        byte[] framed = new byte[0];
        for (int i = 0; i < total; i++) {
            if (i % 20 == 0) {
                framed = RandomEvents.framed(OWN, events.next());
            }
            byte[] broken = broken(framed);
            DecodedEvent result = decoder.decode(broken);
            refused += result.fold(
                    decoded -> {
                        CanonicalJson.check(decoded.event().body());
                        CanonicalJson.check(decoded.event().subjects());
                        return 0;
                    },
                    refusal -> {
                        assertThat(refusal.rejection().message()).isNotBlank();
                        return 1;
                    });
        }
        assertThat((double) refused / total).as("share refused, seed " + SEED).isCloseTo(0.7, within(0.25));
    }

    /** The way through Avro's resolver accepts what the single pass accepts, nothing more and nothing else. */
    @Test
    void aBrokenRecordOfAnotherWriterFaresAsOneOfOurs() throws Exception {
        EventDecoder resolving = new EventDecoder(OWN, id -> Optional.of(TopicSchemas.EVENT.schema()));
        byte[] framed = new byte[0];
        for (int i = 0; i < 10_000; i++) {
            if (i % 20 == 0) {
                framed = RandomEvents.framed(OWN, events.next());
            }
            byte[] ours = broken(framed);
            byte[] theirs = ours.clone();
            theirs[Math.min(4, theirs.length - 1)] = OWN + 1;
            DecodedEvent expected = decoder.decode(ours);
            DecodedEvent found = resolving.decode(theirs);
            assertThat(found).as("seed %d, round %d: %s", SEED, i, expected).hasSameClassAs(expected);
            if (expected instanceof DecodedEvent.Decoded) {
                assertThat(found).as("seed %d, round %d", SEED, i).isEqualTo(expected);
            }
        }
    }

    private byte[] broken(byte[] framed) {
        byte[] broken = framed.clone();
        switch (random.nextInt(4)) {
            case 0 -> broken = Arrays.copyOf(broken, 1 + random.nextInt(broken.length - 1));
            case 1 -> broken = Arrays.copyOf(broken, broken.length + 1 + random.nextInt(5));
            case 2 -> broken[5 + random.nextInt(broken.length - 5)] ^= (byte) (1 << random.nextInt(8));
            default -> {
                int at = 5 + random.nextInt(broken.length - 5);
                broken[at] = (byte) 0xff;
                if (at + 1 < broken.length) {
                    broken[at + 1] = (byte) 0xff;
                }
            }
        }
        return broken;
    }
}
