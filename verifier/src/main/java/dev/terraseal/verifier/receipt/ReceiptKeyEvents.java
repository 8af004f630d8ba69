package dev.terraseal.verifier.receipt;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.receipt.ReceiptKeys;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.bundle.KeyEventJudge;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.EntrySignatures;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.util.ArrayList;
import java.util.List;

/** The key events a receipt shows, as key-events/ of a bundle: read first, because they say which keys may sign. */
final class ReceiptKeyEvents {
    private final Receipt receipt;
    private final String file;
    private final Findings findings;
    private final SignatureQueue queue;
    private final List<Entry> shown = new ArrayList<>();
    private KeyRing ring;

    private ReceiptKeyEvents(Receipt receipt, String file, Findings findings, SignatureQueue queue) {
        this.receipt = receipt;
        this.file = file;
        this.findings = findings;
        this.queue = queue;
        this.ring = KeyRing.of(receipt.log());
    }

    static ReceiptKeyEvents read(Receipt receipt, String file, Findings findings, SignatureQueue queue) {
        ReceiptKeyEvents events = new ReceiptKeyEvents(receipt, file, findings, queue);
        events.read();
        return events;
    }

    private void read() {
        Digest before = receipt.log().genesis();
        for (Receipt.ProvenKeyEvent each : receipt.keyEvents()) {
            Entry entry = Entry.ofItself(file, each.statement(), new EntrySignatures.Missing());
            Statement event = entry.reading().statement();
            if (event == null
                    || !event.link().log().equals(receipt.log().origin())
                    || !event.stream().equals(StreamId.KEYS)
                    || event.link().streamSequence().value() != shown.size()
                    || !event.link().streamPrevHash().equals(before)) {
                findings.add(
                        Layer.KEY_EVENTS,
                        FindingName.MALFORMED,
                        file,
                        "what the receipt shows as key event " + shown.size() + " of this log is something else: "
                                + (event == null ? entry.reading().problem() : "the stream is not whole"));
                return;
            }
            before = entry.entryHash();
            shown.add(entry);
            ring = KeyEventJudge.apply(ring, entry, event, findings, queue);
        }
    }

    /** The keys they make of log.json. */
    KeyRing ring() {
        return ring;
    }

    /** Whether all were read and authorised, so that there is no key that is not in the ring. */
    boolean applied() {
        return ring.events() == receipt.keyEvents().size();
    }

    /** A revocation reaches back to entries long before it, so a receipt must not hide the one it is itself a receipt of. */
    void requireOwn(Entry entry, Statement statement) {
        if (!ReceiptKeys.showsOwn(receipt, statement)) {
            findings.add(
                    Layer.KEY_EVENTS,
                    FindingName.KEY_EVENT_HIDDEN,
                    file,
                    "entry " + entry.index() + " is key event "
                            + statement.link().streamSequence() + ", and the receipt's own keyEvents "
                            + (receipt.proof() == null ? "do not end right before it" : "do not show it"));
        } else if (receipt.proof() == null && statement.stream().equals(StreamId.KEYS)) {
            KeyEventJudge.apply(ring, entry, statement, findings, queue);
        }
    }

    /** Whether each is where it says it is; the keys in force follow from that. */
    void requireIncluded(Checkpoint head) {
        for (int i = 0; i < shown.size(); i++) {
            Entry entry = shown.get(i);
            try {
                InclusionProof.verify(
                        entry.index().value(),
                        head.size(),
                        entry.leafHash(),
                        receipt.keyEvents().get(i).path(),
                        head.root());
            } catch (ProofException notIn) {
                findings.add(
                        Layer.KEY_EVENTS,
                        FindingName.NOT_INCLUDED,
                        file,
                        "key event " + entry.index() + " is not under this head: " + notIn.getMessage());
            }
        }
    }

    void conclude() {
        findings.conclude(LayerResult.notCovered(
                Layer.KEY_EVENTS,
                shown.isEmpty()
                        ? "not covered: none shown; that there is none a receipt cannot show"
                        : shown.size() + " shown and authorised; that there is no other a receipt cannot show"));
    }
}
