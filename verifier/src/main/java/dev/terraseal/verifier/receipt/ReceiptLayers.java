package dev.terraseal.verifier.receipt;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
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
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.ConsistencyProof;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.receipt.ReceiptCheck;
import dev.terraseal.core.receipt.ReceiptKeys;
import dev.terraseal.core.receipt.ReceiptVerification;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.bundle.CheckpointLayer;
import dev.terraseal.verifier.entries.Demands;
import dev.terraseal.verifier.entries.Requirement;
import dev.terraseal.verifier.time.Stamped;
import dev.terraseal.verifier.time.TimeBounds;
import dev.terraseal.verifier.time.TimeLayer;
import dev.terraseal.verifier.trust.Conclusion;
import dev.terraseal.verifier.trust.KnownHead;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Reach;
import dev.terraseal.verifier.trust.RequestLayer;
import dev.terraseal.verifier.trust.WitnessLayer;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import dev.terraseal.verifier.verdict.Outcome;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts what a receipt is worth into the layers and the verdict that everything else has too. */
public final class ReceiptLayers {
    private final Question question;
    private final SignatureChecker checker;
    private final Findings findings;
    private final String file;
    private @Nullable LogDeclaration log;
    private @Nullable Checkpoint head;
    private @Nullable VerifierKey headKey;
    private Set<Algorithm> headAlgorithms = Set.of();
    private @Nullable Statement statement;
    private WitnessLayer.@Nullable Seen seen;

    public ReceiptLayers(String file, Question question, SignatureChecker checker) {
        this.file = file;
        this.question = question;
        this.checker = checker;
        this.findings = new Findings(question.all());
    }

    /** Judges the bytes of a receipt. */
    public Verdict judge(Bytes bytes) throws IOException {
        try {
            Receipt receipt = Receipt.parse(bytes);
            log = receipt.log();
            Conclusion.requireTrustedLog(question, receipt.log(), findings);
            if (!findings.stopsAt(Layer.DECLARATION)) {
                conclude(receipt);
            }
        } catch (IllegalArgumentException notOne) {
            findings.add(
                    Layer.DECLARATION, FindingName.MALFORMED, file, file + " is not a receipt: " + notOne.getMessage());
        }
        Verdict verdict =
                Conclusion.of(question, findings, "receipt", facts(), proven(), notProven(), seen, TimeBounds.NONE);
        return statement != null && head == null ? promised(verdict) : verdict;
    }

    private void conclude(Receipt receipt) throws IOException {
        ReceiptCheck check = ReceiptVerification.check(receipt, null, checker);
        if (check instanceof ReceiptCheck.Refused refused) {
            findings.add(
                    layer(refused.part()),
                    refused.suspect() ? FindingName.SUSPECT : name(refused.part()),
                    file,
                    "Receipt refused: " + refused.reason());
            return;
        }
        if (check instanceof ReceiptCheck.Unknown unknown) {
            findings.add(Layer.SIGNATURES, FindingName.NOT_CHECKABLE, file, unknown.reason());
            return;
        }
        seen = WitnessLayer.check(question, head(receipt), secondKeys(receipt), file, findings, checker);
        if (check instanceof ReceiptCheck.Proven proven) {
            head = proven.head();
            headKey = proven.headKey();
            headAlgorithms = Checkpoint.algorithms(proven.seconds());
            accept(proven.statement(), proven.signer());
            findings.conclude(LayerResult.valid(
                    Layer.CHECKPOINT,
                    proven.head().origin() + " size " + proven.head().size()));
            findings.conclude(LayerResult.valid(
                    Layer.INCLUSION, "entry " + proven.statement().sequence() + " is under this head"));
        } else if (check instanceof ReceiptCheck.Promised promised) {
            accept(promised.statement(), promised.signer());
            findings.conclude(LayerResult.notCovered(
                    Layer.INCLUSION,
                    "signed, not yet in a checkpoint: a promise to put it at entry "
                            + promised.statement().sequence()));
        }
        int shown = receipt.keyEvents().size();
        findings.conclude(LayerResult.notCovered(
                Layer.KEY_EVENTS,
                shown == 0
                        ? "not covered: a receipt shows no keys withdrawn after log.json"
                        : shown + " shown and authorised; that there is no other a receipt cannot show"));
        TimeLayer.conclude(question, Stamped.NONE, 0, null, "", findings);
        new RequestLayer(question, findings, this::openKnown)
                .check(
                        head,
                        headKey,
                        headAlgorithms,
                        new Reach(
                                statement == null ? null : statement.receivedAt(),
                                "a receipt shows one entry, and nothing of what was received before it"),
                        this::requirePrefix,
                        seen,
                        question.demands(seen, TimeBounds.NONE));
    }

    private static @Nullable SignedNote head(Receipt receipt) {
        TlogProof proof = receipt.proof();
        return proof == null ? null : proof.checkpoint();
    }

    /** Asked of a receipt that holds, so that its key events were authorised and its checkpoint is one. */
    private List<VerifierKey> secondKeys(Receipt receipt) {
        SignedNote note = head(receipt);
        if (note == null) {
            return List.of();
        }
        try {
            return CheckpointLayer.secondKeys(
                    Checkpoint.parse(note.text()), receipt.log(), ReceiptKeys.ring(receipt, checker));
        } catch (NoteException | KeyRing.UnauthorisedException | UncheckableException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void accept(Statement accepted, DeclaredKey signer) {
        statement = accepted;
        findings.conclude(LayerResult.valid(
                Layer.CHAIN,
                "Statement valid",
                "entry " + accepted.sequence() + " of " + accepted.link().log() + ", entry "
                        + accepted.link().streamSequence() + " of stream " + accepted.stream()));
        findings.conclude(LayerResult.valid(
                Layer.SIGNATURES,
                "Signature valid",
                "attest key " + signer.keyid().shortHex() + "… " + signer.algorithm()));
        Set<Algorithm> has = Set.of(signer.algorithm());
        Demands demands = question.demands(seen, TimeBounds.NONE);
        if (demands.isBroken(has, accepted.sequence().value())) {
            findings.add(
                    Layer.SIGNATURES,
                    FindingName.BROKEN_ALGORITHM,
                    file,
                    file + " is signed with " + has + " only, which the trust file calls broken");
        }
        Json.Obj source = accepted.source();
        String issuer = source == null || !source.has("verified")
                ? null
                : source.object("verified").stringOrNull("issuer");
        if (source != null
                && source.has("verified")
                && !demands.issuers().isEmpty()
                && (issuer == null || !demands.issuers().contains(issuer))) {
            findings.add(
                    Layer.SIGNATURES,
                    FindingName.OTHER_ISSUER,
                    file,
                    "its identity was verified for issuer " + issuer + ", which the trust file does not name");
        }
        for (Requirement requirement : demands.requirements()) {
            if (requirement.use() == KeyUse.ATTEST
                    && accepted.sequence().value() >= requirement.from()
                    && !has.containsAll(requirement.algorithms())) {
                findings.add(
                        Layer.SIGNATURES,
                        FindingName.UNSIGNED,
                        file,
                        file + " is signed with " + has + "; the trust file requires " + requirement.algorithms());
            }
        }
    }

    /** Only a head of the receipt's own size can be compared with it, and that has one key. */
    private KnownHead openKnown(SignedNote note) throws NoteException, UncheckableException {
        return new KnownHead(Checkpoint.open(note, Objects.requireNonNull(headKey), checker), Optional.empty());
    }

    private void requirePrefix(long size, Digest root) throws dev.terraseal.core.merkle.ProofException {
        Checkpoint newest = head;
        if (newest == null || newest.size() != size) {
            throw new dev.terraseal.core.merkle.ProofException(
                    "a receipt holds no proof that connects size " + size + " with its head; a bundle does");
        }
        ConsistencyProof.verify(size, newest.size(), root, newest.root(), List.of());
    }

    private static Layer layer(ReceiptCheck.Part part) {
        return switch (part) {
            case LOG -> Layer.DECLARATION;
            case STATEMENT -> Layer.CHAIN;
            case KEY_EVENTS -> Layer.KEY_EVENTS;
            case SIGNATURE -> Layer.SIGNATURES;
            case CHECKPOINT -> Layer.CHECKPOINT;
            case INCLUSION -> Layer.INCLUSION;
        };
    }

    private static FindingName name(ReceiptCheck.Part part) {
        return switch (part) {
            case LOG -> FindingName.OTHER_LOG;
            case STATEMENT -> FindingName.MALFORMED;
            case KEY_EVENTS -> FindingName.BAD_KEY_EVENT;
            case SIGNATURE -> FindingName.BAD_SIGNATURE;
            case CHECKPOINT -> FindingName.BAD_CHECKPOINT;
            case INCLUSION -> FindingName.NOT_INCLUDED;
        };
    }

    /** A promise is never trusted: the entry is not shown to be in the log. */
    private static Verdict promised(Verdict verdict) {
        if (verdict.outcome() != Outcome.TRUSTED) {
            return verdict;
        }
        return new Verdict(
                Outcome.NOT_YET_TRUSTED,
                verdict.kind(),
                verdict.facts(),
                verdict.layers(),
                verdict.findings(),
                verdict.proven(),
                verdict.notProven(),
                List.of("signed, not yet in a checkpoint: ask for the receipt again once one covers it."));
    }

    private Verdict.Facts facts() {
        LogDeclaration declared = log;
        Statement read = statement;
        return new Verdict.Facts(
                declared == null ? null : declared.origin().value(),
                declared == null ? null : declared.genesis().hex(),
                head == null ? null : Long.valueOf(head.size()),
                head == null ? null : head.root().base64(),
                read == null ? null : Long.valueOf(read.sequence().value()),
                read == null ? null : Long.valueOf(1),
                null);
    }

    private List<String> proven() {
        return head == null
                ? List.of("the statement is byte for byte what a key of this log signed")
                : List.of("the statement is byte for byte what a key of this log signed for its place, under a signed"
                        + " head");
    }

    private List<String> notProven() {
        return List.of(
                "that what is recorded is true",
                "that no key was withdrawn since",
                "anything about the entries around it");
    }
}
