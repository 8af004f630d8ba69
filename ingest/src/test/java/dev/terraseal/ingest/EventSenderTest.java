package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.ingest.http.ProblemException;
import java.util.List;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class EventSenderTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final EventSender sender = new EventSender(producer, 0);

    private void isAnswered(int status) {
        EventSender.Outgoing event = new EventSender.Outgoing(new StreamId("a"), Bytes.utf8("event"));
        assertThatThrownBy(() -> sender.send(List.of(event)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(status));
    }

    @Test
    void moreThanTheProducerHoldsIsAnOverloadAndNoFaultOfTheBrokers() {
        producer.sendException = new BufferExhaustedException("no memory within 5 s");
        isAnswered(429);
        assertThat(sender.failure()).isEmpty();
        producer.sendException = new TimeoutException("no broker answered");
        isAnswered(503);
        assertThat(sender.failure()).isPresent();
        producer.sendException = new BufferExhaustedException("no memory within 5 s");
        isAnswered(429);
        assertThat(sender.failure()).as("what a broker did not confirm stands").isPresent();
    }

    @Test
    void aSendThatMeetsTheServicesEndIsNoFaultOfTheBrokersEither() {
        producer.close();
        isAnswered(503);
        assertThat(sender.failure()).isEmpty();
    }
}
