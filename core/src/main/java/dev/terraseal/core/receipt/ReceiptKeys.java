package dev.terraseal.core.receipt;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.statement.Statement;
import java.util.List;

/** The key events a receipt shows: the stream of them from its beginning, and their places in the tree. */
public final class ReceiptKeys {
    private ReceiptKeys() {}

    /**
     * The keys they make of its log.json, each authorised by the ones before it; that they are in the tree is not asked.
     *
     * @throws UnauthorisedException if one is not, or is not the next of its stream
     */
    public static KeyRing ring(Receipt receipt, SignatureChecker checker)
            throws UnauthorisedException, UncheckableException {
        KeyRing ring = KeyRing.of(receipt.log());
        Digest before = receipt.log().genesis();
        long count = 0;
        for (Receipt.ProvenKeyEvent shown : receipt.keyEvents()) {
            try {
                Statement event = Statement.parse(shown.statement());
                if (!event.link().log().equals(receipt.log().origin())
                        || !event.stream().equals(StreamId.KEYS)
                        || event.link().streamSequence().value() != count
                        || !event.link().streamPrevHash().equals(before)) {
                    throw new UnauthorisedException("what the receipt shows as number " + count + " is another entry");
                }
                ring = ring.apply(KeyEvent.fromBody(event.body()), event.sequence(), checker);
                before = event.entryHash();
                count++;
            } catch (IllegalArgumentException malformed) {
                throw new UnauthorisedException("number " + count + " cannot be read: " + malformed.getMessage());
            }
        }
        return ring;
    }

    /**
     * Whether a receipt of a key event hides nothing of what it is itself a receipt of: with a proof the event is among those
     * shown, without one it comes right behind them. Of other entries nothing is asked.
     */
    public static boolean showsOwn(Receipt receipt, Statement statement) {
        if (!statement.stream().equals(StreamId.KEYS)) {
            return true;
        }
        List<Receipt.ProvenKeyEvent> shown = receipt.keyEvents();
        long place = statement.link().streamSequence().value();
        if (receipt.proof() != null) {
            return place < shown.size() && shown.get((int) place).statement().equals(statement.bytes());
        }
        Digest before = shown.isEmpty()
                ? receipt.log().genesis()
                : Digest.of(shown.get(shown.size() - 1).statement());
        return place == shown.size() && statement.link().streamPrevHash().equals(before);
    }

    /** Whether a key event that is only promised is authorised by the keys in force; any other is among those shown. */
    static void requireAuthorised(Receipt receipt, Statement statement, KeyRing ring, SignatureChecker checker)
            throws UnauthorisedException, UncheckableException {
        if (receipt.proof() != null || !statement.stream().equals(StreamId.KEYS)) {
            return;
        }
        try {
            ring.apply(KeyEvent.fromBody(statement.body()), statement.sequence(), checker);
        } catch (IllegalArgumentException malformed) {
            throw new UnauthorisedException("it cannot be read: " + malformed.getMessage());
        }
    }

    /** Whether each is where it says it is; the keys in force follow from that. */
    static void requireIncluded(Receipt receipt, Checkpoint head) throws ProofException {
        for (Receipt.ProvenKeyEvent shown : receipt.keyEvents()) {
            Statement event = Statement.parse(shown.statement());
            InclusionProof.verify(
                    event.sequence().value(),
                    head.size(),
                    Merkle.leafHash(event.entryHash()),
                    shown.path(),
                    head.root());
        }
    }
}
