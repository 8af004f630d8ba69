package dev.terraseal.cli.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks entries in the order in which they are shown: place, link to the one before, signature. For looking; a verdict
 * over a whole log is what {@code terraseal verify} gives.
 */
public final class EntryCheck {
    private final LogDeclaration log;
    private final BatchSource batches;
    private final SignatureChecker checker;
    private KeyRing keys;
    private long keysKnown;
    private @Nullable Digest newest;
    private @Nullable Envelope newestEnvelope;
    private long newestBatch;
    private long next;

    /** Where batch envelopes are. */
    public interface BatchSource {
        /** Of several envelopes the oldest that is {@code signed}; another if none is. */
        Optional<Bytes> batch(SequenceNumber first, Predicate<Bytes> signed) throws IOException;
    }

    /**
     * @param keys what is known of the log's keys; key events among the entries add to it
     * @param keysKnown one past the newest key event in {@code keys}
     * @param from the sequence of the first entry that will be given
     */
    public EntryCheck(
            KeyRing keys, SequenceNumber keysKnown, BatchSource batches, SignatureChecker checker, long from) {
        this.log = keys.log();
        this.batches = batches;
        this.checker = checker;
        this.keys = keys;
        this.keysKnown = keysKnown.value();
        this.next = from;
        this.newest = from == 0 ? log.genesis() : null;
    }

    /** The same from here on, for a look ahead. */
    EntryCheck copy() {
        EntryCheck copy = new EntryCheck(keys, new SequenceNumber(keysKnown), batches, checker, next);
        copy.newest = newest;
        copy.newestEnvelope = newestEnvelope;
        copy.newestBatch = newestBatch;
        return copy;
    }

    /** The sequence of the entry that is to be given next. */
    long next() {
        return next;
    }

    public ReadEntry check(Json.Obj line) throws IOException {
        Statement statement = Statement.parse(line.base64("payload"));
        String finding = place(statement);
        if (finding.isEmpty()) {
            finding = signature(statement, line);
        }
        if (finding.isEmpty()) {
            finding = keyEvent(statement);
        }
        newest = statement.entryHash();
        next = statement.sequence().value() + 1;
        return new ReadEntry(statement, line, finding);
    }

    private String keyEvent(Statement statement) {
        long sequence = statement.sequence().value();
        if (statement.type() != PredicateType.KEY_EVENT || sequence < keysKnown) {
            return "";
        }
        try {
            keys = keys.apply(KeyEvent.fromBody(statement.body()), statement.sequence(), checker);
            keysKnown = sequence + 1;
            return "";
        } catch (KeyRing.UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
            return "changes keys, but " + refused.getMessage();
        }
    }

    private String place(Statement statement) {
        if (!statement.link().log().equals(log.origin())) {
            return "belongs to the log " + statement.link().log();
        }
        if (statement.sequence().value() != next) {
            return "is entry " + statement.sequence() + " where " + next + " was expected";
        }
        if (newest != null && !statement.link().prevHash().equals(newest)) {
            return "does not follow the entry before it";
        }
        return "";
    }

    private String signature(Statement statement, Json.Obj line) throws IOException {
        try {
            if (line.has("signatures")) {
                return signatures(
                        Dsse.pae(Dsse.STATEMENT, statement.bytes()), Envelope.signatures(line), statement.sequence());
            }
            SequenceNumber first = new SequenceNumber(line.number("batch"));
            Envelope envelope = envelope(first, statement.sequence());
            if (envelope == null) {
                return "names the batch " + first + ", which is missing";
            }
            Batch batch = Batch.parse(envelope.payload());
            if (!batch.covers(statement.sequence()) || !batch.genesis().equals(log.genesis())) {
                return "is not covered by the batch " + first + " it names";
            }
            List<Digest> path = new ArrayList<>();
            line.array("path").strings().forEach(hash -> path.add(Digest.fromBase64(hash)));
            InclusionProof.verify(
                    statement.sequence().value() - batch.first().value(),
                    batch.count(),
                    Merkle.leafHash(statement.entryHash()),
                    path,
                    batch.root());
            return signatures(envelope.signedBytes(), envelope.signatures(), statement.sequence());
        } catch (ProofException notIncluded) {
            return "is not in the batch it names: " + notIncluded.getMessage();
        } catch (UncheckableException missing) {
            return "has a signature that was not checked: " + missing.getMessage();
        }
    }

    /** Those of one batch follow each other, so that it is asked for once. */
    private @Nullable Envelope envelope(SequenceNumber first, SequenceNumber index) throws IOException {
        if (newestEnvelope == null || newestBatch != first.value()) {
            newestEnvelope = batches.batch(first, content -> isSigned(content, first, index))
                    .map(Envelope::parse)
                    .orElse(null);
            newestBatch = first.value();
        }
        return newestEnvelope;
    }

    private boolean isSigned(Bytes content, SequenceNumber first, SequenceNumber index) {
        try {
            Envelope envelope = Envelope.parse(content);
            return Batch.parse(envelope.payload()).first().equals(first)
                    && signatures(envelope.signedBytes(), envelope.signatures(), index)
                            .isEmpty();
        } catch (IllegalArgumentException | UncheckableException planted) {
            return false;
        }
    }

    private String signatures(Bytes signed, List<DsseSignature> signatures, SequenceNumber index)
            throws UncheckableException {
        if (signatures.isEmpty()) {
            return "carries no signature";
        }
        for (DsseSignature signature : signatures) {
            Optional<DeclaredKey> key = keys.inForce(KeyUse.ATTEST, signature.keyid(), index);
            if (key.isEmpty()) {
                return "is signed by " + signature.keyid().shortHex()
                        + "…, a key log.json does not name: a key event may (terraseal verify knows)";
            }
            if (!checker.verify(key.get(), signed, signature.sig())) {
                return "has a signature that does not verify";
            }
        }
        return "";
    }
}
