package dev.terraseal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
    @TempDir
    Path data;

    @Test
    void aRestartKeepsTheRecordsAndThePort() throws Exception {
        int port;
        try (EmbeddedBroker broker = start(0)) {
            port = broker.port();
            createTopic(broker.bootstrap());
            send(broker.bootstrap(), "first");
        }
        try (EmbeddedBroker broker = start(0)) {
            assertThat(broker.port()).isEqualTo(port);
            send(broker.bootstrap(), "second");
            assertThat(readAll(broker.bootstrap(), 2)).containsExactly("first", "second");
        }
    }

    @Test
    void acknowledgedRecordsSurviveAKill() throws Exception {
        Process process = BrokerProcess.start(data, ProcessBuilder.Redirect.INHERIT);
        String bootstrap = BrokerProcess.awaitBootstrap(process);
        createTopic(bootstrap);
        for (int i = 0; i < 50; i++) {
            send(bootstrap, "record " + i);
        }
        process.destroyForcibly().waitFor();
        long began = System.nanoTime();
        try (EmbeddedBroker broker = start(0)) {
            assertThat(broker.bootstrap()).isEqualTo(bootstrap);
            assertThat(readAll(broker.bootstrap(), 50)).hasSize(50).contains("record 0", "record 49");
            System.err.println("back after kill -9 in "
                    + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        }
    }

    @Test
    void aBrokerThatLosesItsDiskEndsTheProcessAndSaysWhy() throws Exception {
        Path errors = data.resolveSibling(data.getFileName() + ".err");
        Process process = BrokerProcess.start(data, ProcessBuilder.Redirect.to(errors.toFile()));
        try {
            String bootstrap = BrokerProcess.awaitBootstrap(process);
            createTopic(bootstrap);
            Files.move(data.resolve("kafka"), data.resolve("gone"));
            Files.createFile(data.resolve("kafka"));
            Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
            // The controller's log is an open file in the directory that was moved, so whether it still says yes to
            // the topic before the broker fails to make the partition's directory is a race inside Kafka.
            admin.createTopics(List.of(new NewTopic("more", 1, (short) 1)));
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
            admin.close(Duration.ZERO);
            assertThat(process.exitValue()).isEqualTo(3);
            assertThat(errors).content().contains("the embedded broker broke").contains("mend the disk");
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(errors);
        }
    }

    @Test
    void aFormatThatWasInterruptedIsDoneAgain() throws Exception {
        start(0).close();
        Path meta = data.resolve("kafka/meta.properties");
        assertThat(meta).exists();
        try (var files = Files.walk(data.resolve("kafka"))) {
            List<Path> written = files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("bootstrap.checkpoint"))
                    .toList();
            for (Path file : written) {
                Files.delete(file);
            }
        }
        try (EmbeddedBroker broker = start(0)) {
            createTopic(broker.bootstrap());
            assertThat(meta).exists();
        }
    }

    @Test
    void aSecondBrokerOnOneDirectoryIsToldWhoHoldsIt() {
        try (EmbeddedBroker first = start(0)) {
            assertThat(first.port()).isPositive();
            assertThatThrownBy(() -> start(0))
                    .isInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> start(taken.getLocalPort()))
                    .isInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("is taken");
        }
    }

    @Test
    void aKeptPortThatIsTakenIsLeftToItsHolder() throws Exception {
        int kept;
        try (EmbeddedBroker broker = start(0)) {
            kept = broker.port();
        }
        try (ServerSocket taken = new ServerSocket(kept, 1, InetAddress.getByName("127.0.0.1"));
                EmbeddedBroker broker = start(0)) {
            assertThat(broker.port()).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void dataOfANewerKafkaIsRefused() throws IOException {
        Properties kept = new Properties();
        kept.setProperty("kafka.version", "99.0.0");
        try (var out = Files.newBufferedWriter(data.resolve("broker.properties"), StandardCharsets.UTF_8)) {
            kept.store(out, null);
        }
        assertThatThrownBy(() -> start(0))
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("99.0.0")
                .hasMessageContaining("another data directory");
    }

    @Test
    void versionsAreComparedAsNumbers() {
        assertThat(BrokerDirectory.compareVersions("4.10.0", "4.9.1")).isPositive();
        assertThat(BrokerDirectory.compareVersions("4.3.1", "4.3.1")).isZero();
        assertThat(BrokerDirectory.compareVersions("4.3.1", "4.3.1-SNAPSHOT")).isZero();
        assertThat(BrokerDirectory.compareVersions("3.9.2", "4.0.0")).isNegative();
    }

    @Test
    void topicsDoNotComeIntoBeingByBeingMentioned() {
        try (EmbeddedBroker broker = start(0);
                var producer = producer(broker.bootstrap())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("terraseal.evnets", "x"))
                            .get(120, TimeUnit.SECONDS))
                    .hasMessageContaining("terraseal.evnets");
        }
    }

    private EmbeddedBroker start(int port) {
        return EmbeddedBroker.start(data, port, reason -> System.err.println(reason));
    }

    private static void createTopic(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic("records", 1, (short) 1)))
                    .all()
                    .get(120, TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "max.block.ms", "3000"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void send(String bootstrap, String value) throws Exception {
        try (var producer = producer(bootstrap)) {
            producer.send(new ProducerRecord<>("records", value)).get(120, TimeUnit.SECONDS);
        }
    }

    private static List<String> readAll(String bootstrap, int count) {
        List<String> values = new java.util.ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("records", 0)));
            while (values.size() < count) {
                var polled = consumer.poll(Duration.ofSeconds(60));
                if (polled.isEmpty()) {
                    return values;
                }
                for (ConsumerRecord<String, String> record : polled) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
