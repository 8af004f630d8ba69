package dev.terraseal.archiver.state;

import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import java.util.HashMap;
import java.util.Map;

/**
 * The log up to a size that is archived: its head, the head of every stream, the keys in force. It only moves by an
 * {@link Advance} that was kept. Not safe for concurrent use.
 */
public final class LogState {
    final LogDeclaration log;
    final SignatureCheck signatures;
    final SignatureChecker checker;
    final Map<StreamId, StreamHead> streams;
    private LogHead head;
    private KeyRing keys;

    public LogState(
            LogDeclaration log,
            LogHead head,
            Map<StreamId, StreamHead> streams,
            KeyRing keys,
            SignatureChecker checker,
            BatchSource batches) {
        this.log = log;
        this.head = head;
        this.streams = new HashMap<>(streams);
        this.keys = keys;
        this.checker = checker;
        this.signatures = new SignatureCheck(log, checker, batches);
    }

    public LogHead head() {
        return head;
    }

    public KeyRing keys() {
        return keys;
    }

    /** With what signatures are checked; safe for concurrent use. */
    public SignatureChecker checker() {
        return checker;
    }

    /** A way forward from here that is only kept by {@link Advance#commit()}. */
    public Advance begin() {
        return new Advance(this);
    }

    void move(LogHead newHead, Map<StreamId, StreamHead> moved, KeyRing newKeys) {
        head = newHead;
        streams.putAll(moved);
        keys = newKeys;
    }
}
