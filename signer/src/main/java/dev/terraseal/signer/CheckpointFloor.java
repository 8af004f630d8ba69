package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.signer.check.Floor;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest checkpoint the archiver published: what it covers is signed and archived, whatever else was lost. */
final class CheckpointFloor {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFloor.class);

    private CheckpointFloor() {}

    static Optional<Floor> read(
            KafkaConnection connection, int partition, KeyRing keys, SignatureChecker checker, InstantSource clock) {
        TopicPartition checkpoints = new TopicPartition(Topics.CHECKPOINTS, partition);
        try (TopicEnd end =
                TopicEnd.open(connection, "terraseal-signer-" + keys.log().origin() + "-floor", checkpoints, clock)) {
            return end.newest().flatMap(record -> floor(record, keys, checker));
        }
    }

    /** A note no log key of this log signed is no floor: else anyone who may write there could stop the signer. */
    private static Optional<Floor> floor(
            ConsumerRecord<byte[], byte[]> record, KeyRing keys, SignatureChecker checker) {
        String why = "no log key is declared";
        for (DeclaredKey key : keys.declared(KeyUse.LOG)) {
            if (key.algorithm() != Algorithm.ED25519_SHA_512) {
                continue;
            }
            try {
                SignedNote note = SignedNote.parse(Bytes.copyOf(record.value()));
                Checkpoint checkpoint =
                        Checkpoint.open(note, VerifierKey.ofLog(keys.log().origin(), key), checker);
                return Optional.of(new Floor.ByRoot(
                        checkpoint.size(), checkpoint.root(), "the newest checkpoint on terraseal.checkpoints"));
            } catch (NoteException | UncheckableException notOurs) {
                why = String.valueOf(notOurs.getMessage());
            }
        }
        LOG.warn(
                "event=checkpoint_ignored topic={} partition={} offset={} reason=\"{}\"",
                record.topic(),
                record.partition(),
                record.offset(),
                why);
        return Optional.empty();
    }
}
