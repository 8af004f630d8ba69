package dev.terraseal.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.embedded.TestBroker;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.schemas.ConfluentFraming;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.schemas.registry.RegistryClient;
import dev.terraseal.schemas.sample.SampleEvents;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Confluent's own 7.9.5 classes against our registry, our bytes against theirs. */
class ConfluentPeerTest {
    private static final String TOPIC = "terraseal.events";
    private static final String SUBJECT = TOPIC + "-value";

    private static TestBroker broker;
    private static MountedRegistry registry;
    private static Peer peer;
    private static RegistryClient client;

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.start();
        registry = MountedRegistry.start(broker.bootstrap());
        client = new RegistryClient(registry.uri(), null);
        for (TopicSchemas schema : TopicSchemas.inOrder()) {
            client.register(schema.subject("terraseal"), schema.text());
        }
        peer = Peer.start(registry.uri());
    }

    @AfterAll
    static void stop() throws Exception {
        peer.close();
        registry.close();
        broker.close();
    }

    @Test
    void oursReadsTheEventsTheirsWrites() throws Exception {
        int id = client.register(SUBJECT, TopicSchemas.EVENT.text());
        EventDecoder decoder = new EventDecoder(id, client);
        SampleEvents samples = new SampleEvents(new Random(7), 3);
        for (int i = 0; i < 20; i++) {
            EventRecord sample = samples.next();
            byte[] theirs = peer.ask("serialize", TOPIC, TopicSchemas.EVENT.text(), avroJson(sample.avro()));
            assertThat(ConfluentFraming.schemaId(theirs)).isEqualTo(id);
            assertThat(event(decoder.decode(theirs))).isEqualTo(event(decoder.decode(sample.encode(id))));
        }
    }

    @Test
    void theirsReadsTheEventsOursWrites() throws Exception {
        int id = client.register(SUBJECT, TopicSchemas.EVENT.text());
        EventRecord sample = new SampleEvents(new Random(11), 3).next().withSalt(Bytes.wrap(new byte[16]));
        JsonNode read = new ObjectMapper().readTree(peer.ask("deserialize", TOPIC, sample.encode(id)));
        assertThat(read.path("id").asText()).isEqualTo(sample.id().value());
        assertThat(read.path("stream").asText()).isEqualTo(sample.stream().value());
        assertThat(read).isEqualTo(new ObjectMapper().readTree(avroJson(sample.avro())));
    }

    @Test
    void theirsReadsTheAttestationsOursWrites() throws Exception {
        int id = client.register("terraseal.attestations-value", TopicSchemas.ATTESTATION.text());
        Bytes statement = Bytes.utf8("{\"_type\":\"https://in-toto.io/Statement/v1\"}");
        Digest entryHash = Digest.of(statement);
        AttestationRecord attestation = new AttestationRecord(
                new LogOrigin("terraseal.local/demo"),
                new SequenceNumber(42),
                new StreamId("acme/infra/prod"),
                PredicateType.TERRAFORM_APPLY,
                entryHash,
                statement,
                List.of(new DsseSignature(new KeyId(Digest.of(Bytes.EMPTY)), Bytes.utf8("signature"))),
                null);
        JsonNode read =
                new ObjectMapper().readTree(peer.ask("deserialize", "terraseal.attestations", attestation.encode(id)));
        assertThat(read.path("log").asText()).isEqualTo("terraseal.local/demo");
        assertThat(read.path("sequence").asLong()).isEqualTo(42);
        byte[] bytes = read.path("statement").asText().getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Bytes.wrap(bytes)).as("the very bytes that were hashed").isEqualTo(statement);
        assertThat(Digest.copyOf(read.path("entryHash").asText().getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo(entryHash);
    }

    @Test
    void anEventOfTheirOwnOlderSchemaIsResolvedToOurs() throws Exception {
        Schema older = withoutField(TopicSchemas.EVENT.schema(), "seenCheckpoint");
        EventRecord sample = new SampleEvents(new Random(13), 3).next();
        String json = avroJson(sample.avro()).replace(",\"seenCheckpoint\":null", "");
        byte[] theirs = peer.ask("serialize", "acme.events", older.toString(), json);
        int ours = client.register(SUBJECT, TopicSchemas.EVENT.text());
        assertThat(ConfluentFraming.schemaId(theirs)).isNotEqualTo(ours);
        EventDecoder decoder = new EventDecoder(ours, client);
        assertThat(event(decoder.decode(theirs))).isEqualTo(event(decoder.decode(sample.encode(ours))));
    }

    @Test
    void theirsFindsWhatIsRegisteredWithoutRegistering() throws Exception {
        EventRecord sample = new SampleEvents(new Random(17), 3).next();
        byte[] theirs = peer.ask("serialize-registered", TOPIC, TopicSchemas.EVENT.text(), avroJson(sample.avro()));
        assertThat(ConfluentFraming.schemaId(theirs))
                .isEqualTo(client.latest(SUBJECT).orElseThrow().id());
        assertThatThrownBy(() -> peer.ask(
                        "serialize-registered",
                        "nobody.registered.this",
                        TopicSchemas.EVENT.text(),
                        avroJson(sample.avro())))
                .isInstanceOfSatisfying(
                        Peer.Refused.class, e -> assertThat(e.code).isEqualTo(40401));
    }

    @Test
    void bothSeeTheSameIdsVersionsAndLevels() throws Exception {
        String first = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}";
        String second = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},"
                + "{\"name\":\"b\",\"type\":\"int\",\"default\":0}]}";
        String breaking = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"c\",\"type\":\"int\"}]}";
        String subject = "acme/both-value";
        int id = Integer.parseInt(peer.askText("register", subject, first));
        assertThat(client.register(subject, first)).isEqualTo(id);
        int next = client.register(subject, second);
        assertThat(peer.askText("latest", subject)).isEqualTo(Integer.toString(next));
        assertThat(peer.askText("versions", subject)).isEqualTo("[1, 2]");
        assertThat(peer.askText("version-of", subject, first)).isEqualTo("1");
        assertThat(peer.askText("by-id", id)).isEqualTo(client.schemaById(id).orElseThrow());
        assertThat(peer.askText("subjects")).contains(subject, SUBJECT);

        assertThat(peer.askText("compatible", subject, second)).isEqualTo("true");
        assertThat(peer.askText("compatible", subject, breaking)).isEqualTo("false");
        assertThat(peer.askText("why-not", subject, breaking)).contains("READER_FIELD_MISSING_DEFAULT_VALUE");
        assertThatThrownBy(() -> peer.ask("register", subject, breaking))
                .isInstanceOfSatisfying(Peer.Refused.class, e -> {
                    assertThat(e.status).isEqualTo(409);
                    assertThat(e.code).isEqualTo(409);
                });
        assertThat(peer.askText("set-compatibility", subject, "NONE")).isEqualTo("NONE");
        assertThat(peer.askText("compatibility", subject)).isEqualTo("NONE");
        assertThat(client.register(subject, breaking)).isEqualTo(next + 1);
    }

    @Test
    void theirsUnderstandsWhatOursRefuses() {
        assertThatThrownBy(() -> peer.ask("by-id", 9_999))
                .isInstanceOfSatisfying(
                        Peer.Refused.class, e -> assertThat(e.code).isEqualTo(40403));
        assertThatThrownBy(() -> peer.ask("latest", "nobody"))
                .isInstanceOfSatisfying(
                        Peer.Refused.class, e -> assertThat(e.code).isEqualTo(40401));
        assertThatThrownBy(() -> peer.ask("set-compatibility", SUBJECT, "SOMETIMES"))
                .isInstanceOfSatisfying(
                        Peer.Refused.class, e -> assertThat(e.code).isEqualTo(42203));
        assertThatThrownBy(() -> peer.ask("delete", SUBJECT))
                .isInstanceOfSatisfying(
                        Peer.Refused.class, e -> assertThat(e.code).isEqualTo(42205))
                .hasMessageContaining("nothing is deleted here");
    }

    private static Event event(DecodedEvent decoded) {
        return decoded.fold(DecodedEvent.Decoded::event, refused -> {
            throw new AssertionError(refused.toString());
        });
    }

    /** Avro's JSON encoding, which is how both sides can be told one record. */
    private static String avroJson(Bytes avro) throws Exception {
        Schema schema = TopicSchemas.EVENT.schema();
        GenericRecord record = new GenericDatumReader<GenericRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(avro.toByteArray(), null));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Encoder encoder = EncoderFactory.get().jsonEncoder(schema, out);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Schema withoutField(Schema schema, String name) {
        List<Schema.Field> fields = schema.getFields().stream()
                .filter(field -> !field.name().equals(name))
                .map(field -> new Schema.Field(field, field.schema()))
                .toList();
        return Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
    }
}
