package dev.terraseal.verifier.receipt;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.merkle.ConsistencyProof;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.bundle.CheckpointLayer;
import dev.terraseal.verifier.bundle.CheckpointLayer.Opened;
import dev.terraseal.verifier.bundle.HeadJudge;
import dev.terraseal.verifier.entries.Batches;
import dev.terraseal.verifier.entries.ChainCheck;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.EntrySignatures;
import dev.terraseal.verifier.entries.HeadsCheck;
import dev.terraseal.verifier.entries.SignatureCheck;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.time.TimeBounds;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Reach;
import dev.terraseal.verifier.trust.RequestLayer;
import dev.terraseal.verifier.trust.WitnessLayer;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The layers of a receipt: its statement is asked what an artifact of a bundle is asked, by the same checks. */
final class ReceiptLayers {
    private final Receipt receipt;
    private final String file;
    private final Question question;
    private final Findings findings;
    private final SignatureQueue queue;
    private final ReceiptKeyEvents keyEvents;
    private final @Nullable TlogProof proof;
    private @Nullable ReceiptHead opening;
    private @Nullable Checkpoint stated;
    private @Nullable Opened head;
    private @Nullable Statement statement;
    private boolean headJudged;
    private WitnessLayer.@Nullable Seen seen;

    ReceiptLayers(Receipt receipt, String file, Question question, Findings findings, SignatureQueue queue) {
        this.receipt = receipt;
        this.file = file;
        this.question = question;
        this.findings = findings;
        this.queue = queue;
        this.proof = receipt.proof();
        this.keyEvents = ReceiptKeyEvents.read(receipt, file, findings, queue);
    }

    void judge() throws IOException {
        beginHead();
        Entry entry = entry();
        checkPlace(entry);
        if (findings.stopsAt(Layer.CHAIN)) {
            return;
        }
        checkSignatures(entry);
        if (findings.stopsAt(Layer.SIGNATURES)) {
            return;
        }
        judgeHead();
        checkInclusion(entry);
        Statement read = statement;
        if (read != null) {
            keyEvents.requireOwn(entry, read);
        }
        keyEvents.conclude();
        concludeTime();
        Opened opened = head;
        new RequestLayer(
                        question,
                        findings,
                        known -> CheckpointLayer.open(known, receipt.log(), keyEvents.ring(), queue.checker())
                                .known())
                .check(
                        opened == null ? null : opened.checkpoint(),
                        opened == null ? null : opened.key(),
                        opened == null ? Set.of() : opened.algorithms(),
                        new Reach(
                                read == null ? null : read.receivedAt(),
                                "a receipt shows one entry, and nothing of what was received before it"),
                        this::requirePrefix,
                        seen,
                        question.demands(seen, TimeBounds.NONE));
    }

    private void beginHead() {
        if (proof == null) {
            return;
        }
        try {
            stated = Checkpoint.parse(proof.checkpoint().text());
            opening = new ReceiptHead(proof.checkpoint(), receipt.log(), keyEvents.ring(), queue.checker());
            opening.start();
        } catch (NoteException wrong) {
            HeadJudge.refuse(findings, file, wrong);
        }
    }

    private Entry entry() {
        EntrySignatures signatures;
        if (receipt.signed() instanceof Receipt.InBatch inBatch) {
            signatures = new EntrySignatures.InBatch(first(inBatch.batch()), inBatch.path());
        } else {
            signatures = new EntrySignatures.Own(
                    ((Receipt.Own) receipt.signed()).envelope().signatures());
        }
        Bytes bytes = receipt.signed().statement();
        return proof == null
                ? Entry.ofItself(file, bytes, signatures)
                : Entry.of(new SequenceNumber(proof.index()), file, bytes, signatures);
    }

    /** Where the batch begins; of one that cannot be read whoever checks it says so. */
    private static SequenceNumber first(Envelope batch) {
        try {
            return Batch.parse(batch.payload()).first();
        } catch (IllegalArgumentException unreadable) {
            return SequenceNumber.ZERO;
        }
    }

    private void checkPlace(Entry entry) {
        ChainCheck chain =
                ChainCheck.ofSelection(findings, receipt.log(), entry.index().value());
        Statement read = chain.check(entry);
        statement = read;
        if (read == null) {
            return;
        }
        findings.conclude(LayerResult.valid(
                Layer.CHAIN,
                "Statement valid",
                "entry " + read.sequence() + " of " + read.link().log() + ", entry "
                        + read.link().streamSequence() + " of stream " + read.stream()));
        if (read.type() == PredicateType.HEADS) {
            new HeadsCheck(findings).check(entry, read, chain.streams(), chain.knowsAllStreams());
            findings.conclude(
                    LayerResult.notCovered(Layer.STREAM_HEADS, "not derived again: the entries below it are not here"));
        }
    }

    private void checkSignatures(Entry entry) throws IOException {
        Statement read = statement;
        if (read == null) {
            return;
        }
        if (!question.brokenAlgorithms().isEmpty()) {
            // Only then does it matter who saw the head, and when; else both signatures are checked at once.
            judgeHead();
        }
        SignatureCheck signatures = new SignatureCheck(
                findings,
                Layer.SIGNATURES,
                receipt.log(),
                keyEvents.ring(),
                queue,
                new OneBatch(receipt.signed() instanceof Receipt.InBatch inBatch ? inBatch.batch() : null),
                question.demands(seen, TimeBounds.NONE),
                keyEvents.applied());
        signatures.check(entry, read);
        signatures.finish();
        findings.conclude(LayerResult.valid(Layer.SIGNATURES, "Signature valid", signatures.keysUsed()));
    }

    /** The envelope that a receipt in batch form holds. */
    private record OneBatch(@Nullable Envelope envelope) implements Batches {
        @Override
        public @Nullable Envelope envelope(SequenceNumber first, SequenceNumber entry) {
            return envelope;
        }
    }

    /** Who signed the head and who saw it; asked once. */
    private void judgeHead() {
        if (headJudged) {
            return;
        }
        headJudged = true;
        ReceiptHead begun = opening;
        if (begun != null && proof != null) {
            head = new HeadJudge(findings, file, receipt.log(), keyEvents.ring(), keyEvents.applied())
                    .judge(proof.checkpoint(), stated, begun::opened);
        }
        Opened opened = head;
        if (opened != null) {
            findings.conclude(LayerResult.valid(
                    Layer.CHECKPOINT,
                    opened.checkpoint().origin() + " size "
                            + opened.checkpoint().size() + opened.beside()));
        }
        List<VerifierKey> seconds = opened == null
                ? List.of()
                : CheckpointLayer.secondKeys(opened.checkpoint(), receipt.log(), keyEvents.ring());
        seen = WitnessLayer.check(
                question,
                opened == null || proof == null ? null : proof.checkpoint(),
                seconds,
                file,
                findings,
                queue.checker());
    }

    private void checkInclusion(Entry entry) {
        Checkpoint under = stated;
        if (proof == null && statement != null) {
            findings.conclude(LayerResult.notCovered(
                    Layer.INCLUSION, "signed, not yet in a checkpoint: a promise to put it at entry " + entry.index()));
        }
        if (proof == null || under == null) {
            return;
        }
        try {
            InclusionProof.verify(entry.index().value(), under.size(), entry.leafHash(), proof.path(), under.root());
        } catch (ProofException notIn) {
            findings.add(
                    Layer.INCLUSION,
                    FindingName.NOT_INCLUDED,
                    file,
                    "entry " + entry.index() + " is not under this head: " + notIn.getMessage());
        }
        findings.conclude(LayerResult.valid(Layer.INCLUSION, "entry " + entry.index() + " is under this head"));
        keyEvents.requireIncluded(under);
    }

    /** A receipt holds no token, whatever is asked: time stamps are of heads and lie in archives and bundles. */
    private void concludeTime() {
        if (question.trust() != null && !question.trust().timeAuthorities().isEmpty()) {
            findings.add(
                    Layer.TIME,
                    FindingName.TOKEN_MISSING,
                    file,
                    "the trust file names time authorities, and a receipt holds no time-stamp token: ask for a bundle"
                            + " with this entry");
        }
        findings.conclude(LayerResult.notCovered(Layer.TIME, "not covered: a receipt holds no token"));
    }

    private void requirePrefix(long size, Digest root) throws ProofException {
        Opened newest = head;
        if (newest == null || newest.checkpoint().size() != size) {
            throw new ProofException("a receipt holds no proof that connects size " + size
                    + " with its head: ask for a bundle with this entry, made from that size on");
        }
        ConsistencyProof.verify(size, size, root, newest.checkpoint().root(), List.of());
    }

    /** The statement, if it could be read. */
    @Nullable Statement statement() {
        return statement;
    }

    /** The head, if it is one of the log. */
    @Nullable Checkpoint head() {
        Opened opened = head;
        return opened == null ? null : opened.checkpoint();
    }

    WitnessLayer.@Nullable Seen seen() {
        return seen;
    }
}
