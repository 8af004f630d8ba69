package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terraseal.core.statement.Statement;
import dev.terraseal.kafka.KafkaClients;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.signer.AttestationOutput.FencedException;
import dev.terraseal.signer.check.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnTimeoutsTest {
    @TempDir
    private Path temp;

    private Instant now = Instant.parse("2026-11-29T12:00:00Z");

    /** How a commit ends of a producer that is fenced while {@code passed} passes on the wall. */
    private FencedException fencedAfter(Duration passed) throws Exception {
        Chained chained = Chained.born(temp.resolve("log-" + passed));
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.fenceProducer();
        KafkaConnection kafka = new KafkaConnection("mock:9092", Map.of(), new OneProducer(producer));
        Instant[] clock = {now};
        AttestationOutput output = new KafkaAttestationOutput(kafka, 0, chained.log, 3, () -> {
            Instant read = clock[0];
            clock[0] = read.plus(passed);
            return read;
        });
        Entry entry = chained.entries(1).get(0);
        Signed signed = Signed.alone(entry.source(), Statement.parse(entry.statement()), List.of());
        return catchThrowableOfType(FencedException.class, () -> output.commit(List.of(signed)));
    }

    private record OneProducer(Producer<byte[], byte[]> producer) implements KafkaClients {
        @Override
        public Admin admin(Map<String, Object> settings) {
            throw new IllegalStateException("nobody asks");
        }

        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
            throw new IllegalStateException("nobody reads");
        }

        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
            return producer;
        }
    }

    @Test
    void onlyATransactionAsLongAsKafkaAllowsMayHaveBeenEndedByIt() throws Exception {
        FencedException quick = fencedAfter(Duration.ofSeconds(5));
        assertThat(quick.overdue()).isFalse();
        assertThat(quick).hasMessageContainingAll("another signer took over", "If there is no other", "10 s");
        assertThat(fencedAfter(Duration.ofSeconds(11)).overdue()).isTrue();
        assertThat(fencedAfter(Duration.ofSeconds(-3600)).overdue()).isFalse();
    }

    @Test
    void whoIsFencedAgainSoonIsNotAlone() {
        OwnTimeouts timeouts = new OwnTimeouts(() -> now);
        FencedException overdue = new FencedException("test", true, new IllegalStateException());
        FencedException quick = new FencedException("test", false, new IllegalStateException());
        assertThat(timeouts.another(quick)).isFalse();
        assertThat(timeouts.another(overdue)).isTrue();
        now = now.plusSeconds(59);
        assertThat(timeouts.another(overdue)).isFalse();
        now = now.plusSeconds(2);
        assertThat(timeouts.another(quick)).isFalse();
        assertThat(timeouts.another(overdue)).isTrue();
    }
}
