package dev.terraseal.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.RejectionReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * BACKWARD_TRANSITIVE: every version of our schemas ever released is read by this one. The files of a version are written
 * once, at its release, and never edited.
 */
class EvolutionTest {
    private static final int OWN = 1;
    private static final int OTHER = 2;

    private static String file(String name) {
        try (InputStream in = EvolutionTest.class.getResourceAsStream("/evolution/" + name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static EventDecoder reading(String writerSchema) {
        Schema writer = new Schema.Parser().parse(writerSchema);
        return new EventDecoder(OWN, id -> id == OTHER ? Optional.of(writer) : Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void everyReleasedVersionIsReadByThisOne(TopicSchemas topic) {
        for (String version : List.of("0.1")) {
            Schema old = new Schema.Parser()
                    .parse(file(topic.name().toLowerCase(java.util.Locale.ROOT) + "-" + version + ".avsc"));
            assertThat(SchemaCompatibility.checkReaderWriterCompatibility(topic.schema(), old)
                            .getType())
                    .as(version)
                    .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        }
    }

    /** The digests were computed when the version was released: what was written then still says the same. */
    @ParameterizedTest
    @CsvSource({"event-0.0", "event-0.1"})
    void recordsOfAnOldVersionGiveTheSameContentDigestForEver(String version) throws Exception {
        String[] lines = file(version + ".records").split("\n");
        assertThat(lines.length).isGreaterThanOrEqualTo(1);
        for (String line : lines) {
            String[] parts = line.split(" ");
            byte[] framed = ConfluentFraming.frame(OTHER, Bytes.fromHex(parts[0]));
            Event event =
                    SampleEventsTest.decoded(reading(file(version + ".avsc")).decode(framed));
            assertThat(event.contentDigest().hex()).isEqualTo(parts[1]);
        }
    }

    @Test
    void whatTheOldVersionDidNotKnowIsAbsent() throws Exception {
        byte[] avro = Bytes.fromHex(file("event-0.0.records").split(" ")[0]).toByteArray();
        Event event = SampleEventsTest.decoded(
                reading(file("event-0.0.avsc")).decode(ConfluentFraming.frame(OTHER, Bytes.wrap(avro))));
        assertThat(event.body().utf8()).isEqualTo("{\"invocation\":{\"attempt\":2},\"outcome\":\"succeeded\"}");
        assertThat(event.salt()).isNull();
        assertThat(event.seenCheckpoint()).isNull();
        assertThat(event.source()).isNull();
    }

    @Test
    void resolvedRecordsAreTheSameAsOurOwn() throws Exception {
        long seed = 20261122;
        RandomEvents events = new RandomEvents(new Random(seed));
        EventDecoder resolving = reading(TopicSchemas.EVENT.text());
        EventDecoder own = new EventDecoder(OWN, SchemaSource.none());
        for (int i = 0; i < 300; i++) {
            GenericRecord event = events.next();
            assertThat(resolving.decode(RandomEvents.framed(OTHER, event)))
                    .as("seed %d, event %d", seed, i)
                    .isEqualTo(own.decode(RandomEvents.framed(OWN, event)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'string'",
                "{'type':'record','name':'Event','fields':[]}",
                "{'type':'record','name':'Order','fields':[{'name':'id','type':'string'}]}",
                "{'type':'record','name':'Event','fields':[{'name':'id','type':'double'}]}",
                "{'type':'record','name':'Event','namespace':'dev.terraseal.schema','fields':[{'name':'next','type':'Event'}]}",
                "{'type':'record','name':'Event','namespace':'dev.terraseal.schema','fields':[{'name':'x','type':{'type':'array','items':'Event'}}]}",
            })
    void aSchemaThatIsNotOneOfAnEventIsWrong(String schema) throws Exception {
        assertThat(reading(schema.replace('\'', '"')).decode(new byte[] {0, 0, 0, 0, OTHER, 1, 2, 3}))
                .isInstanceOfSatisfying(
                        DecodedEvent.Refused.class,
                        refused -> assertThat(refused.rejection().reason()).isEqualTo(RejectionReason.WRONG_SCHEMA));
    }

    @Test
    void aFieldThisVersionWouldDropIsRefusedAndNamed() throws Exception {
        String newer = TopicSchemas.EVENT
                .text()
                .replace("\"name\":\"redactor\"", "\"name\":\"masked\",\"type\":\"long\"},{\"name\":\"redactor\"");
        assertThat(newer).isNotEqualTo(TopicSchemas.EVENT.text());
        assertThat(reading(newer).decode(new byte[] {0, 0, 0, 0, OTHER, 1, 2, 3}))
                .isInstanceOfSatisfying(DecodedEvent.Refused.class, refused -> {
                    assertThat(refused.rejection().reason()).isEqualTo(RejectionReason.WRONG_SCHEMA);
                    assertThat(refused.rejection().message())
                            .contains("Capture.masked")
                            .contains("upgrade the readers");
                });
    }

    /** Avro takes any long for any other: seconds would become 1970, microseconds the year 8307. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"long\"",
                "\"int\"",
                "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}",
                "{\"type\":\"long\",\"logicalType\":\"local-timestamp-millis\"}",
                "{\"type\":\"int\",\"logicalType\":\"date\"}",
                "[\"long\",{\"type\":\"int\",\"logicalType\":\"date\"}]",
            })
    void aTimeThatIsCountedInAnotherWayIsRefused(String type) throws Exception {
        String text = TopicSchemas.EVENT.text();
        for (String field : List.of("occurredAt", "startedAt")) {
            int at = text.indexOf("{\"type\":\"long\"", text.indexOf("\"name\":\"" + field + "\""));
            String other = text.substring(0, at) + type + text.substring(text.indexOf('}', at) + 1);
            if (field.equals("startedAt") && type.startsWith("[")) {
                continue; // stands in a union already, and Avro has none within another
            }
            refusedAsWrong(other, field);
        }
    }

    @Test
    void aNumberThatIsNoTimeHereIsNoneOfTheirsEither() throws Exception {
        String counted = "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}";
        String text = TopicSchemas.EVENT.text();
        int at = text.indexOf("\"long\"", text.indexOf("\"name\":\"elapsedMillis\""));
        refusedAsWrong(text.substring(0, at) + counted + text.substring(at + "\"long\"".length()), "elapsedMillis");
    }

    private static void refusedAsWrong(String writer, String named) throws Exception {
        assertThat(reading(writer).decode(new byte[] {0, 0, 0, 0, OTHER, 1, 2, 3}))
                .isInstanceOfSatisfying(DecodedEvent.Refused.class, refused -> {
                    assertThat(refused.rejection().reason()).isEqualTo(RejectionReason.WRONG_SCHEMA);
                    assertThat(refused.rejection().message()).contains(named);
                });
    }

    /** A diagnostic without fields takes no bytes: a count of millions would fit into a few of them. */
    @Test
    void itemsWithoutBytesDoNotFillTheMemory() throws Exception {
        Schema writer = new Schema.Parser()
                .parse(
                        file("event-0.0.avsc")
                                .replace(
                                        "\"fields\":[{\"name\":\"invocation\"",
                                        "\"fields\":[{\"name\":\"diagnostics\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"Diagnostic\",\"fields\":[]}}},{\"name\":\"invocation\""));
        String[] fixture = file("event-0.0.records").split(" ");
        // The body begins after the union index; there the count of empty diagnostics goes.
        byte[] avro = Bytes.fromHex(fixture[0]).toByteArray();
        int body = Integer.parseInt(fixture[2]);
        for (long count : List.of(3L, 200L, 1_000_000_000L, Long.MAX_VALUE >> 1)) {
            Bytes counted = new dev.terraseal.schemas.avro.AvroOutput(64)
                    .raw(Bytes.copyOf(avro, 0, body))
                    .number(count)
                    .number(0)
                    .raw(Bytes.copyOf(avro, body, avro.length))
                    .toBytes();
            EventDecoder decoder = new EventDecoder(OWN, id -> Optional.of(writer));
            DecodedEvent result = decoder.decode(ConfluentFraming.frame(OTHER, counted));
            if (count == 3) {
                assertThat(SampleEventsTest.decoded(result).body().utf8()).contains("\"diagnostics\":[{},{},{}]");
            } else {
                assertThat(result)
                        .isInstanceOfSatisfying(
                                DecodedEvent.Refused.class,
                                refused -> assertThat(refused.rejection().reason())
                                        .isEqualTo(RejectionReason.MALFORMED_RECORD));
            }
        }
    }
}
