package dev.terraseal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.embedded.TestBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In module embedded, because the broker it needs depends on the module it tests. */
class TopicAdminTest {
    private static final Topics WANTED = Topics.embedded(2);
    private static TestBroker broker;
    private static KafkaConnection connection;

    private Admin kafka;
    private TopicAdmin topics;

    @BeforeAll
    static void startBroker() {
        broker = TestBroker.start();
        connection = new KafkaConnection(broker.bootstrap(), Map.of());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopics() {
        kafka = connection.admin("test");
        topics = new TopicAdmin(kafka);
        topics.create(WANTED.specs());
    }

    @AfterEach
    void deleteTopics() {
        kafka.close();
        broker.deleteTopics(WANTED.specs().stream().map(TopicSpec::name).toList());
    }

    @Test
    void whatWasCreatedIsSafeAndIsNotCreatedTwice() {
        assertThat(topics.check(WANTED)).isEmpty();
        assertThat(topics.create(WANTED.specs())).isEmpty();
        assertThatCode(() -> topics.requireSafe(WANTED)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "terraseal.events, cleanup.policy, compact",
        "terraseal.events, message.timestamp.type, CreateTime",
        "terraseal.events, retention.ms, 604800000",
        "terraseal.events, flush.messages, 9223372036854775807",
        "terraseal.sequenced, retention.bytes, 1073741824",
        "terraseal.sequenced, unclean.leader.election.enable, true",
        "terraseal.attestations, max.message.bytes, 1048588",
        "terraseal.checkpoints, cleanup.policy, 'compact,delete'",
        "terraseal.rejected, retention.ms, 86400000"
    })
    void aSettingThatCouldLoseEvidenceIsFoundWithItsMend(String topic, String setting, String value) throws Exception {
        set(topic, setting, value);
        assertThatThrownBy(() -> topics.requireSafe(WANTED))
                .isInstanceOf(UnsafeTopicsException.class)
                .hasMessageContaining("topic " + topic + ": " + setting + " is " + value)
                .hasMessageContaining("--add-config " + setting + "=");
        assertThat(topics.check(WANTED)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "terraseal.rejected, retention.ms, -1",
        "terraseal.outcomes, retention.ms, 864000000",
        "terraseal.sequenced, max.message.bytes, 4194304",
        "terraseal.events, max.message.bytes, 4194304"
    })
    void whatLosesNothingIsAllowed(String topic, String setting, String value) throws Exception {
        set(topic, setting, value);
        assertThat(topics.check(WANTED)).isEmpty();
    }

    @Test
    void aPartitionAddedByMistakeIsRefused() throws Exception {
        kafka.createPartitions(Map.of(Topics.SEQUENCED, NewPartitions.increaseTo(3)))
                .all()
                .get(60, TimeUnit.SECONDS);
        awaitThat(() -> kafka.describeTopics(List.of(Topics.SEQUENCED))
                        .allTopicNames()
                        .get(60, TimeUnit.SECONDS)
                        .get(Topics.SEQUENCED)
                        .partitions()
                        .size()
                == 3);
        assertThatThrownBy(() -> topics.requireSafe(WANTED))
                .isInstanceOf(UnsafeTopicsException.class)
                .hasMessageContaining("topic terraseal.sequenced: the number of partitions is 3, must be 2")
                .hasMessageContaining("Kafka removes no partition");
    }

    @Test
    void aLogWithoutItsPartitionIsRefused() {
        assertThat(topics.check(Topics.embedded(3)))
                .hasSize(6)
                .allSatisfy(finding -> assertThat(finding.text()).contains("is 2, must be 3"));
    }

    @Test
    void oneCopyIsNotEnoughForACluster() {
        assertThat(topics.check(Topics.cluster(2)))
                .anySatisfy(finding -> assertThat(finding.text())
                        .contains("terraseal.attestations: the replication factor is 1, must be at least 3"))
                .anySatisfy(
                        finding -> assertThat(finding.text()).contains("min.insync.replicas is 1, must be at least 2"));
    }

    @Test
    void kafkasOwnTopicsBelowTransactionsAreHeldToTheSame() {
        try (Producer<byte[], byte[]> producer = connection.transactionalProducer("any")) {
            producer.initTransactions();
        }
        assertThat(topics.check(Topics.cluster(2)))
                .extracting(TopicFinding::topic, TopicFinding::setting)
                .contains(org.assertj.core.groups.Tuple.tuple("__transaction_state", "the replication factor"));
    }

    @Test
    void anAbsentTopicIsNamed() {
        broker.deleteTopics(List.of(Topics.REJECTED));
        assertThat(topics.check(WANTED))
                .extracting(TopicFinding::text)
                .containsExactly("topic terraseal.rejected: topic is absent, must be there (nothing can be kept);"
                        + " terraseal topics create; if it is there, this principal may not describe it:"
                        + " give it DESCRIBE and DESCRIBE_CONFIGS on the topic");
        assertThat(topics.create(WANTED.specs())).containsExactly(Topics.REJECTED);
    }

    @Test
    void aRecordTooLargeIsRefusedByTheProducerBeforeATransactionHoldsIt() {
        try (Producer<byte[], byte[]> producer = connection.transactionalProducer("large")) {
            producer.initTransactions();
            producer.beginTransaction();
            assertThatThrownBy(() -> producer.send(
                                    new ProducerRecord<>(Topics.SEQUENCED, 0, null, new byte[Topics.MAX_RECORD_BYTES]))
                            .get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(RecordTooLargeException.class);
            producer.abortTransaction();
        }
    }

    @Test
    void theLagOfAGroupIsItsDistanceToTheEnd() throws Exception {
        org.apache.kafka.common.TopicPartition partition = new org.apache.kafka.common.TopicPartition(Topics.EVENTS, 1);
        assertThat(Lag.ofGroup(kafka, "nobody", partition)).isEmpty();
        try (Producer<byte[], byte[]> producer = connection.producer("events")) {
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>(Topics.EVENTS, 1, null, new byte[] {1}));
            }
            producer.flush();
        }
        kafka.alterConsumerGroupOffsets(
                        "somebody", Map.of(partition, new org.apache.kafka.clients.consumer.OffsetAndMetadata(1)))
                .all()
                .get(60, TimeUnit.SECONDS);
        assertThat(Lag.ofGroup(kafka, "somebody", partition))
                .hasValueSatisfying(lag -> assertThat(lag.behind()).isEqualTo(2));
    }

    private void set(String topic, String setting, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        kafka.incrementalAlterConfigs(Map.of(
                        resource,
                        List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
                .all()
                .get(60, TimeUnit.SECONDS);
        awaitThat(() -> kafka.describeConfigs(List.of(resource))
                .all()
                .get(60, TimeUnit.SECONDS)
                .get(resource)
                .get(setting)
                .value()
                .equals(value));
    }

    /** The controller answers before the broker has heard of the change. */
    private static void awaitThat(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (!condition.call()) {
            assertThat(System.nanoTime() - deadline)
                    .as("seen within three minutes")
                    .isNegative();
        }
    }
}
