package dev.terraseal.signer;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.ForeignRecordException;
import dev.terraseal.kafka.HangingTransactions;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.signer.check.RefusedEntryException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * {@code terraseal.attestations}, one partition. The transactional id is the same at every start, so that taking over
 * ends the last transaction of whoever ran before at once, instead of after its time-out.
 */
final class KafkaAttestationOutput implements AttestationOutput {
    private static final Duration CLOSE = Duration.ofSeconds(2);
    /** The broker's clock may go a little faster than this machine's. */
    private static final Duration OVERDUE = KafkaConnection.TRANSACTION_TIMEOUT.minusSeconds(1);

    private final KafkaConnection connection;
    private final LogDeclaration log;
    private final int schemaId;
    private final InstantSource clock;
    private final TopicPartition partition;
    private final String transactionalId;
    private final Producer<byte[], byte[]> producer;

    /** @param schemaId of the attestation schema, at the registry this cluster's consumers ask */
    KafkaAttestationOutput(
            KafkaConnection connection, int partition, LogDeclaration log, int schemaId, InstantSource clock) {
        this.connection = connection;
        this.log = log;
        this.schemaId = schemaId;
        this.clock = clock;
        this.partition = new TopicPartition(Topics.ATTESTATIONS, partition);
        this.transactionalId = "terraseal-signer-" + log.origin() + "-" + partition;
        this.producer = connection.transactionalProducer(transactionalId);
    }

    @Override
    public LogHead takeOver() throws RefusedEntryException {
        producer.initTransactions();
        try (Admin admin = connection.admin(transactionalId + "-end")) {
            new HangingTransactions(admin, transactionalId::equals).abort(List.of(partition));
            return newest(admin);
        }
    }

    private LogHead newest(Admin admin) throws RefusedEntryException {
        try (TopicEnd end = TopicEnd.open(connection, admin, transactionalId + "-end", partition, clock)) {
            Optional<ConsumerRecord<byte[], byte[]>> newest = end.newest();
            if (newest.isEmpty() && end.begin() > 0) {
                throw new RefusedEntryException(
                        partition + " begins at offset " + end.begin() + " and holds no attestation:"
                                + " its records were deleted by retention or by hand, and what was signed is not known any more."
                                + " Restore the topic from a copy; where there is none, take the log up from its archive:"
                                + " terraseal log resume (docs/operations.md)");
            }
            return newest.isEmpty() ? LogHead.birth(log.origin(), log.genesis()) : head(newest.get());
        }
    }

    private LogHead head(ConsumerRecord<byte[], byte[]> record) throws RefusedEntryException {
        AttestationRecord newest;
        EntryHeaders headers;
        try {
            headers = EntryHeaders.of(record);
            newest = AttestationRecord.decode(record.value());
        } catch (IllegalArgumentException | ForeignRecordException malformed) {
            throw notOurs(record, String.valueOf(malformed.getMessage()));
        }
        Digest hash = Digest.of(newest.statement());
        if (!newest.log().equals(log.origin())) {
            throw notOurs(record, "it is of log " + newest.log() + ", and this signer signs for " + log.origin());
        }
        if (!hash.equals(newest.entryHash())
                || !headers.entryHash().equals(hash)
                || !headers.sequence().equals(newest.sequence())) {
            throw notOurs(record, "its headers, its fields and its statement do not agree");
        }
        return new LogHead(log.origin(), log.genesis(), newest.sequence().value() + 1, hash);
    }

    private RefusedEntryException notOurs(ConsumerRecord<byte[], byte[]> record, String why) {
        return new RefusedEntryException("the newest record of " + partition + ", offset " + record.offset()
                + ", is no attestation of this log: " + why
                + ". Find out who else writes there, or which log this topic"
                + " belongs to, and start again");
    }

    @Override
    public void commit(List<Signed> finished) throws FencedException {
        Moment begun = Moment.now(clock);
        try {
            producer.beginTransaction();
            for (Signed signed : finished) {
                // What a send could not do, the commit reports.
                Future<?> unused = producer.send(record(signed));
            }
            producer.commitTransaction();
        } catch (KafkaException failed) {
            if (fenced(failed)) {
                boolean overdue = begun.ago(clock).compareTo(OVERDUE) >= 0;
                throw new FencedException(transactionalId, overdue, failed);
            }
            throw failed;
        }
    }

    private ProducerRecord<byte[], byte[]> record(Signed signed) {
        AttestationRecord attestation = new AttestationRecord(
                log.origin(),
                signed.statement().sequence(),
                signed.statement().stream(),
                signed.statement().type(),
                signed.statement().entryHash(),
                signed.statement().bytes(),
                signed.signature() instanceof Signed.Own own ? own.signatures() : List.of(),
                signed.signature() instanceof Signed.InBatch batch ? batch.place() : null);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                partition.topic(),
                partition.partition(),
                attestation.stream().value().getBytes(StandardCharsets.UTF_8),
                attestation.encode(schemaId));
        new EntryHeaders(attestation.sequence(), signed.source(), attestation.entryHash()).addTo(record.headers());
        return record;
    }

    private static boolean fenced(KafkaException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
