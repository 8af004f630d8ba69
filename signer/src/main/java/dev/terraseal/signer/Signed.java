package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.schemas.BatchPath;

/**
 * A statement with its signature.
 *
 * @param source offset of its event
 */
record Signed(long source, Statement statement, Signature signature) {

    /** A signature over the statement, or over a batch it stands in. */
    sealed interface Signature {}

    record Own(DsseSignature signature) implements Signature {}

    /** Its envelope is in the archive before this exists. */
    record InBatch(BatchPath place) implements Signature {}

    /** Signed by itself. */
    static Signed alone(long source, Statement statement, KeyId keyid, Bytes signature) {
        return new Signed(source, statement, new Own(new DsseSignature(keyid, signature)));
    }
}
