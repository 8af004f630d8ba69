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

    /** {@code what}, and each message below it: Kafka's clients say in the first what failed and in the last why. */
    public static KafkaUnavailableException because(String what, Throwable cause) {
        StringBuilder text = new StringBuilder(what);
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each.getMessage() != null && text.indexOf(each.getMessage()) < 0) {
                text.append(": ").append(each.getMessage());
            }
        }
        return new KafkaUnavailableException(text.toString(), cause);
    }
}
