package dev.terraseal.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record on a topic that only our services write was not written by them. Somebody else may write there; whatever was
 * read cannot be trusted as the state of the log, so a stage stops on it.
 */
public final class ForeignRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForeignRecordException(ConsumerRecord<byte[], byte[]> record, String missing) {
        super("the record at offset " + record.offset() + " of " + record.topic() + " partition " + record.partition()
                + " has no header " + missing + ": it was not written by terraseal. Find who writes to that topic"
                + " and take the permission away");
    }
}
