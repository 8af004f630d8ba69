package dev.terraseal.kafka;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;

/** The end of a topic cannot be read, because a transaction in it is neither committed nor aborted. */
public final class UndecidedTransactionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UndecidedTransactionException(TopicPartition partition, long position, long end, Duration waited) {
        super("a transaction that began at offset " + position + " of " + partition.topic() + " partition "
                + partition.partition() + " was still undecided after " + waited.toSeconds() + " s (end " + end
                + "). Somebody else writes there, or Kafka's transaction coordinator is down:"
                + " `kafka-transactions.sh find-hanging --topic " + partition.topic() + "` names it, `… abort` ends it;"
                + " then start again");
    }
}
