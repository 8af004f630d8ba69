package dev.terraseal.kafka;

/** Kafka did not do what was asked, for a reason outside this program. The message says what was asked, and the reason. */
public final class KafkaUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public KafkaUnavailableException(String message) {
        super(message);
    }

    /** With each message below it: Kafka's clients say in the first what failed and in the last why. */
    public KafkaUnavailableException(String message, Throwable cause) {
        super(withReasons(message, cause), cause);
    }

    private static String withReasons(String message, Throwable cause) {
        StringBuilder text = new StringBuilder(message);
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each.getMessage() != null && text.indexOf(each.getMessage()) < 0) {
                text.append(": ").append(each.getMessage());
            }
        }
        return text.toString();
    }
}
