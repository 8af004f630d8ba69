package dev.terraseal.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class KafkaUnavailableExceptionTest {
    @Test
    void theReasonBelowTheFirstMessageIsSaidAndNothingTwice() {
        KafkaFutureImpl<String> answer = new KafkaFutureImpl<>();
        answer.completeExceptionally(new SslAuthenticationException(
                "SSL handshake failed", new SSLHandshakeException("PKIX path building failed: no path")));
        assertThatThrownBy(() -> TopicAdmin.get(answer, "list the topics"))
                .isInstanceOf(KafkaUnavailableException.class)
                .hasMessage("Kafka did not list the topics: SSL handshake failed: PKIX path building failed: no path")
                .hasCauseInstanceOf(SslAuthenticationException.class);
        assertThatThrownBy(() -> {
                    throw new KafkaUnavailableException("Kafka: full", new IllegalStateException("full"));
                })
                .hasMessage("Kafka: full");
    }
}
