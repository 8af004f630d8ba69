package dev.terraseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.archiver.resume.LogResume;
import dev.terraseal.archiver.resume.ResumePlace;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.index.Fingerprint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.embedded.TestBroker;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.keys.Providers;
import dev.terraseal.sequencer.SequencerConfig;
import dev.terraseal.sequencer.state.Chunk;
import dev.terraseal.sequencer.state.ChunkCodec;
import dev.terraseal.sequencer.state.TopicIds;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.LogFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code topics trim} over two logs on one Kafka, and an archive of each. */
@Timeout(120)
class TopicsTrimCommandTest {
    private static final int ENTRIES = 12;
    private static final int PROD = 0;
    private static final int STAGING = 1;
    private static final int AGAIN = 2;

    @TempDir
    private static Path directory;

    private static TestBroker broker;
    private static KafkaConnection kafka;

    private String out = "";
    private String err = "";

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.start();
        kafka = new KafkaConnection(broker.bootstrap(), Map.of());
        try (Admin admin = kafka.admin("test")) {
            new TopicAdmin(admin).create(Topics.embedded(3).specs());
        }
        storeCovers("terraseal-sequencer", Chunk.ENTRIES);
        storeCovers("lagging", 5);
        begin("prod", ENTRIES, PROD, AGAIN);
        begin("staging", 2 * ENTRIES, STAGING);
    }

    /** As a sequencer's changelog says it, of each log. */
    private static void storeCovers(String application, int entries) throws Exception {
        String changelog = SequencerConfig.changelog(application);
        Bytes id = Bytes.wrap(new byte[TopicIds.BYTES]);
        Chunk chunk = new Chunk(
                0,
                entries,
                Digest.of(),
                new TopicIds(id, id),
                Collections.nCopies(entries, new Fingerprint(1, 2, 3)),
                Map.of(),
                List.of());
        try (Admin admin = kafka.admin("test");
                Producer<byte[], byte[]> producer = kafka.producer("test")) {
            admin.createTopics(List.of(new NewTopic(changelog, 3, (short) 1)))
                    .all()
                    .get();
            for (int partition = 0; partition < 3; partition++) {
                producer.send(new ProducerRecord<>(changelog, partition, ChunkCodec.key(0), ChunkCodec.encode(chunk)))
                        .get();
            }
        }
    }

    /** An archive, and the same entries on the topics. */
    private static void begin(String name, int entries, int... partitions) throws Exception {
        LogFixture log = new LogFixture("terraseal.local/" + name);
        for (int i = 0; i < entries; i++) {
            log.apply("acme", i, i + 1);
        }
        FixtureArchive.write(log, directory.resolve(name), 5);
        try (ArchiveReader reader =
                StoreSettings.inDirectory(directory.resolve(name)).openForReading()) {
            for (int partition : partitions) {
                ResumePlace place = new ResumePlace(kafka, partition, 2, 3, "terraseal-sequencer", "the-changelog");
                LogResume resume = new LogResume(
                        log.log(),
                        reader,
                        place,
                        new SignatureChecker(Providers.fast()),
                        Runnable::run,
                        Clock.systemUTC());
                resume.write(resume.look(), written -> {});
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private int trim(String archive, int partition, String... more) {
        List<String> arguments = new ArrayList<>(List.of("topics", "trim", "--archive", archive));
        arguments.addAll(List.of("--set", "kafka.bootstrap=" + broker.bootstrap()));
        arguments.addAll(List.of("--set", "kafka.logs=3", "--set", "log.partition=" + partition));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        Called called = Called.with(arguments);
        out = called.out();
        err = called.err();
        return called.code();
    }

    private static String archive(String name) {
        return directory.resolve(name).toString();
    }

    private static long begin(String topic, int partition) {
        try (TopicEnd end = TopicEnd.open(kafka, "test", new TopicPartition(topic, partition), Clock.systemUTC())) {
            return end.begin();
        }
    }

    @Test
    void anotherLogsArchiveDeletesNothing() {
        for (String keep : new String[] {"0", "1", "15", "20"}) {
            assertThat(trim(archive("staging"), PROD, "--keep", keep, "--yes"))
                    .as(keep + out + err)
                    .isIn(keep.equals("0") || keep.equals("1") ? List.of(2, 3) : List.of(2));
        }
        assertThat(err)
                .contains(
                        "terraseal.sequenced-0 is not the log whose archive is " + archive("staging"),
                        "its entry 4 has hash",
                        "Nothing was deleted");
        assertThat(trim(archive("staging"), PROD, "--keep", "20"))
                .as("also where it only says")
                .isEqualTo(2);
        assertThat(begin(Topics.SEQUENCED, PROD)).isZero();
        assertThat(begin(Topics.ATTESTATIONS, PROD)).isZero();
        assertThat(trim(archive("prod"), STAGING, "--keep", "2")).isEqualTo(2);
    }

    @Test
    void whatTheArchiveHoldsGoesAndTheRestStays() throws Exception {
        try (Producer<byte[], byte[]> producer = kafka.producer("test")) {
            producer.send(new ProducerRecord<>(
                            Topics.EVENTS, AGAIN, new byte[0], "an event".getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
        assertThat(trim(archive("prod"), AGAIN, "--keep", "4")).as(err).isZero();
        assertThat(out).contains("everything below entry 8 may go", "checked the archive up to entry 8", "--yes");
        assertThat(begin(Topics.SEQUENCED, AGAIN)).isZero();

        assertThat(trim(archive("prod"), AGAIN, "--keep", "4", "--yes")).as(err).isZero();
        assertThat(first(Topics.SEQUENCED)).isEqualTo(8);
        assertThat(first(Topics.ATTESTATIONS)).isEqualTo(8);
        assertThat(begin(Topics.EVENTS, AGAIN))
                .as("taken up: no event of these is on the topic")
                .isZero();
        assertThat(trim(archive("prod"), AGAIN, "--keep", "4", "--yes"))
                .as("again: " + err)
                .isZero();
        assertThat(trim(archive("prod"), AGAIN, "--keep", "0", "--yes"))
                .as("the newest entry stays, for every stage begins with it")
                .isEqualTo(3);
        assertThat(trim(archive("prod"), AGAIN, "--keep", "6", "--yes")).isEqualTo(3);
        assertThat(err).contains("has no entry 6: it was trimmed before");
    }

    private static long first(String topic) {
        try (TopicEnd end = TopicEnd.open(kafka, "test", new TopicPartition(topic, AGAIN), Clock.systemUTC())) {
            return EntryHeaders.sequence(end.oldestEntry().orElseThrow()).value();
        }
    }

    @Test
    void aServicesOwnFileWillDoAndAWrongPartitionWillNot() throws Exception {
        Path file = directory.resolve("archiver.yaml");
        Files.writeString(file, """
                kafka: {bootstrap: "%s", logs: 3, replication: 1}
                archive: "%s"
                archiver: {key: local}
                keys: {directory: /etc/terraseal/keys}
                """.formatted(broker.bootstrap(), archive("prod")));
        assertThat(run("topics", "trim", "--config", file.toString(), "--keep", "2"))
                .as(err)
                .isZero();
        assertThat(out).contains("everything below entry 10 may go");
        assertThat(run("topics", "trim", "--config", file.toString(), "--set", "log.partition=3"))
                .isEqualTo(2);
        assertThat(err).contains("log.partition is 3, but with kafka.logs 3");
        assertThat(run("topics", "trim", "--config", file.toString(), "--set", "archvie=x"))
                .isEqualTo(2);
        assertThat(run("topics", "trim", "--data", directory.resolve("none").toString(), "--archive", archive("prod")))
                .isEqualTo(2);
        assertThat(err).contains("no Kafka is named, and no server is known for");
    }

    @Test
    void anArchiveThatDoesNotHoldDeletesNothing() throws Exception {
        LogFixture log = new LogFixture("terraseal.local/broken")
                .apply("a", 1, 2)
                .apply("a", 2, 3)
                .apply("a", 3, 4);
        FixtureArchive.write(log, directory.resolve("broken"), 1);
        Path segment = directory.resolve("broken/segments/00000000000000000001.jsonl");
        Files.writeString(segment, Files.readString(segment).replaceFirst("\"sig\":\"....", "\"sig\":\"AAAA"));
        assertThat(trim(archive("broken"), PROD, "--keep", "1", "--yes")).isEqualTo(4);
        assertThat(err).contains("nothing is trimmed");
        assertThat(begin(Topics.ATTESTATIONS, PROD)).isZero();
    }

    @Test
    void whatTheSequencersStoreDoesNotCoverStays() {
        assertThat(trim(archive("staging"), STAGING, "--keep", "2", "--set", "sequencer.application=lagging"))
                .as(err)
                .isZero();
        assertThat(out).contains("covers the log up to entry 5 and not further", "everything below entry 5 may go");
    }

    @Test
    void noFewerThanNoneAreKept() {
        assertThat(trim(archive("prod"), PROD, "--keep", "-1", "--yes")).isEqualTo(2);
        assertThat(err).contains("--keep is a number of entries, not -1");
    }
}
