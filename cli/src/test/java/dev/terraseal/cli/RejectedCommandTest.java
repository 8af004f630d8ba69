package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.embedded.TestBroker;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.RejectedRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rejected} on a Kafka that is not that of an {@code up}. */
@Timeout(120)
class RejectedCommandTest {
    private static final int PARTITION = 1;

    @TempDir
    private static Path directory;

    private static TestBroker broker;
    private static KafkaConnection kafka;

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.start();
        kafka = new KafkaConnection(broker.bootstrap(), Map.of());
        try (Admin admin = kafka.admin("test")) {
            new TopicAdmin(admin).create(Topics.embedded(2).specs());
        }
        try (Producer<byte[], byte[]> producer = kafka.producer("test")) {
            for (int i = 0; i < 5; i++) {
                byte[] original = i == 4 ? new byte[RejectedRecord.ORIGINAL_MAX + 1] : bytes("event " + i);
                RejectedRecord rejected = RejectedRecord.of(
                        new Rejection(RejectionReason.UNKNOWN_SCHEMA, "reason " + i), i, null, original, List.of());
                producer.send(new ProducerRecord<>(Topics.REJECTED, PARTITION, null, rejected.encode(7)))
                        .get();
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static byte[] bytes(String text) {
        return Bytes.utf8(text).toByteArray();
    }

    private static Called rejected(String... arguments) throws Exception {
        Path file = directory.resolve("sequencer.yaml");
        Files.writeString(file, """
                kafka: {bootstrap: "%s", logs: 2, client: {security.protocol: PLAINTEXT}}
                log: {partition: 1, files: /etc/terraseal/log.json}
                sequencer: {state: /var/lib/terraseal/state}
                """.formatted(broker.bootstrap()));
        List<String> all = new ArrayList<>(List.of("rejected"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--config", file.toString()));
        return Called.with(all.toArray(String[]::new));
    }

    @Test
    void allAreListedFromAServicesOwnFileAndByBroker() throws Exception {
        Called listed = rejected("list");
        assertThat(listed.code()).as(listed.err()).isZero();
        assertThat(listed.out().lines())
                .hasSize(5)
                .first()
                .asString()
                .contains("     0  ", "unknown-schema", "reason 0");
        assertThat(rejected("list", "--partition", "0").out()).isEmpty();
        assertThat(Called.with("rejected", "list", "--json", "--kafka", broker.bootstrap(), "--partition", "1")
                        .out()
                        .lines())
                .hasSize(5)
                .last()
                .asString()
                .contains("\"number\":4", "\"whole\":false");
        assertThat(Called.with(
                                "rejected",
                                "list",
                                "--data",
                                directory.resolve("none").toString())
                        .err())
                .contains("no Kafka is named, and no server is known for");
        assertThat(rejected("list", "--set", "kafka.botstrap=x").code()).isEqualTo(2);
    }

    @Test
    void oneIsShownAndItsBytesAreSentAgain() throws Exception {
        Path out = directory.resolve("event.bin");
        Called shown = rejected("show", "3", "--out", out.toString());
        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("reason   unknown-schema", "message  reason 3", "7 bytes");
        assertThat(out).hasContent("event 3");
        assertThat(rejected("show", "3", "--out", out.toString()).code()).isEqualTo(2);
        for (String none : new String[] {"5", "9223372036854775807", "-1"}) {
            assertThat(rejected("show", none).code()).as(none).isEqualTo(2);
        }

        Called again = rejected("resubmit", "2");
        assertThat(again.code()).as(again.err()).isZero();
        List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>();
        TopicPartition place = new TopicPartition(Topics.EVENTS, PARTITION);
        try (TopicEnd end = TopicEnd.open(kafka, "test", place, Clock.systemUTC())) {
            end.readFrom(0, events::add);
        }
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.value()).isEqualTo(bytes("event 2")));
        assertThat(rejected("resubmit", "4").err()).contains("kept only part of its");
    }
}
