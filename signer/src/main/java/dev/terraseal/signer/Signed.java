package dev.terraseal.signer;

import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.schemas.BatchPath;
import java.util.List;

/**
 * A statement with its signature.
 *
 * @param source offset of its event
 */
record Signed(long source, Statement statement, Signature signature) {

    /** A signature over the statement, or over a batch it stands in. */
    sealed interface Signature {}

    /** At least one; of each key that signs there. */
    record Own(List<DsseSignature> signatures) implements Signature {
        public Own {
            signatures = List.copyOf(signatures);
        }
    }

    /** Its envelope is in the archive before this exists. */
    record InBatch(BatchPath place) implements Signature {}

    /** Signed by itself. */
    static Signed alone(long source, Statement statement, List<DsseSignature> signatures) {
        return new Signed(source, statement, new Own(signatures));
    }
}
