package dev.terraseal.kafka;

/** Kafka did not do what was asked, for a reason outside this program. The message says what was asked of whom. */
public final class KafkaUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public KafkaUnavailableException(String message) {
        super(message);
    }

    public KafkaUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
