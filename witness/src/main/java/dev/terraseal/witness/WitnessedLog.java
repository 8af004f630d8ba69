package dev.terraseal.witness;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.checkpoint.VerifiedLine;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.merkle.ConsistencyProof;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.core.witness.SplitView;
import dev.terraseal.store.StoreException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log as a witness knows it: the newest checkpoint it cosigned. Whatever comes, this is one history: a checkpoint is
 * cosigned only if it continues that one, and only after the new one is on the disk. One request at a time, and where that
 * one takes long (a monitor reads a log) others are told to come again, so that they hold no threads.
 */
public final class WitnessedLog {
    private static final Logger LOG = LoggerFactory.getLogger(WitnessedLog.class);
    /** More than a cosignature takes, and less than anybody minds. */
    private static final long TURN_SECONDS = 2;

    private final String origin;
    private final List<VerifierKey> keys;
    private final Witnessing with;
    private final Condition condition;
    private final ReentrantLock turn = new ReentrantLock();
    /** Written in turn, read at any time. */
    private volatile @Nullable Known known;

    /** What every log of one witness shares. */
    public record Witnessing(
            StateDirectory state, String name, MessageSigner signer, SignatureChecker checker, InstantSource clock) {
        VerifierKey key() {
            return VerifierKey.ofCosigner(name, signer.key());
        }
    }

    /** The newest note it cosigned, and when. */
    private record Known(SignedNote note, TreeHead head, Instant cosigned) {}

    /** @throws StoreException if what was remembered cannot be read, or is not what this witness wrote */
    public WitnessedLog(String origin, List<VerifierKey> keys, Witnessing with, Condition condition)
            throws StoreException {
        this.origin = origin;
        this.keys = List.copyOf(keys);
        this.with = with;
        this.condition = condition;
        this.known = recall();
    }

    private @Nullable Known recall() throws StoreException {
        var bytes = with.state().newest(origin);
        if (bytes.isEmpty()) {
            return null;
        }
        try {
            SignedNote note = SignedNote.parse(bytes.get());
            VerifiedLine own = note.verify(List.of(with.key()), with.checker()).get(0);
            Instant at = own.seenAt();
            TreeHead head = TreeHead.parse(note.text());
            if (at == null || !head.origin().equals(origin)) {
                throw new NoteException("it is of " + head.origin());
            }
            return new Known(note, head, at);
        } catch (NoteException | UncheckableException | IllegalArgumentException broken) {
            throw StoreException.lasting(
                    "what this witness remembers of " + origin + " is not what it wrote (" + broken.getMessage()
                            + "): going on from it could cosign a second history. Find out who changed the state directory;"
                            + " then begin anew in an empty one, with a new key",
                    broken);
        }
    }

    public String origin() {
        return origin;
    }

    /** The newest note it cosigned, with its own line. */
    public Optional<SignedNote> newest() {
        return Optional.ofNullable(known).map(Known::note);
    }

    /**
     * Checks a request and, if it holds, remembers its checkpoint and cosigns it: atomically, so that of two requests
     * from one tree the second is refused.
     *
     * @throws StoreException if the checkpoint could not be written: nothing was cosigned, and the same request may follow
     */
    public Answer add(AddCheckpoint request) throws StoreException {
        TreeHead head;
        SignedNote note;
        try {
            head = TreeHead.parse(request.note().text());
            note = new SignedNote(
                    request.note().text(),
                    request.note().verify(keys, with.checker()).stream()
                            .map(VerifiedLine::line)
                            .distinct()
                            .toList());
        } catch (NoteException notTheLogs) {
            return new Answer.Refused(403, "not signed by the log: " + notTheLogs.getMessage());
        } catch (UncheckableException unknown) {
            return Answer.later(String.valueOf(unknown.getMessage()));
        }
        if (!isOurTurn()) {
            return Answer.later("another checkpoint of " + origin
                    + " is in work, which takes long while a monitor reads the log for the first time: ask again");
        }
        try {
            Answer refusal = refusal(request, note, head);
            return refusal == null ? cosign(note, head) : refusal;
        } finally {
            turn.unlock();
        }
    }

    private boolean isOurTurn() {
        try {
            return turn.tryLock(TURN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private @Nullable Answer refusal(AddCheckpoint request, SignedNote note, TreeHead head) throws StoreException {
        Known last = known;
        long size = last == null ? 0 : last.head().size();
        if (request.oldSize() > head.size()) {
            return Answer.malformed(
                    "the old size " + request.oldSize() + " is larger than the checkpoint's, " + head.size());
        }
        if (last != null
                && head.size() == size
                && !head.root().equals(last.head().root())) {
            return twoHistories(last, note, List.of());
        }
        if (request.oldSize() != size) {
            lookForFork(last, note, head);
            return new Answer.OtherSize(size);
        }
        if (size == 0 || head.size() == size) {
            return request.proof().isEmpty()
                    ? condition.refusal(note, head).orElse(null)
                    : new Answer.Refused(422, "from size " + size + " to " + head.size() + " the proof is empty");
        }
        Digest root = last == null ? head.root() : last.head().root();
        try {
            ConsistencyProof.verify(size, head.size(), root, head.root(), request.proof());
        } catch (ProofException wrong) {
            return notContinued(last, request, note, head, wrong);
        }
        return condition.refusal(note, head).orElse(null);
    }

    /** A smaller checkpoint than the known one can be of another history too; whoever can read the entries tells. */
    private void lookForFork(@Nullable Known last, SignedNote note, TreeHead head) throws StoreException {
        if (last == null
                || head.size() == 0
                || head.size() >= last.head().size()
                || condition.isWithin(head, last.head())) {
            return;
        }
        List<Digest> prefix = condition.prefix(last.head(), head.size());
        if (!prefix.isEmpty()) {
            keepIfProof(last.note(), note, prefix);
        }
    }

    private Answer notContinued(
            @Nullable Known last, AddCheckpoint request, SignedNote note, TreeHead head, ProofException wrong)
            throws StoreException {
        if (last != null) {
            // What shows a continuation within another history shows that other history.
            Optional<Path> proof = keepIfProof(last.note(), note, request.proof());
            if (proof.isEmpty()) {
                proof = keepIfProof(
                        last.note(), note, condition.prefix(head, last.head().size()));
            }
            if (proof.isPresent()) {
                return refusedFor(proof.get());
            }
        }
        LOG.warn("action=refuse origin={} size={} reason=\"{}\"", origin, head.size(), wrong.getMessage());
        return new Answer.Refused(422, "the proof does not hold: " + wrong.getMessage());
    }

    private Answer twoHistories(Known last, SignedNote note, List<Digest> prefix) throws StoreException {
        Optional<Path> proof = keepIfProof(last.note(), note, prefix);
        return proof.isPresent() ? refusedFor(proof.get()) : new Answer.Refused(422, "another root at the same size");
    }

    private Answer refusedFor(Path proof) {
        LOG.error("action=refuse origin={} reason=\"the log signed two histories\" proof={}", origin, proof);
        return new Answer.Refused(
                422, "this log signed two histories; the witness keeps both notes as proof: " + proof.getFileName());
    }

    private Optional<Path> keepIfProof(SignedNote one, SignedNote other, List<Digest> prefix) throws StoreException {
        try {
            SplitView proof = SplitView.of(one, other, prefix, condition.declaration());
            proof.verify(keys, with.checker());
            return Optional.of(with.state().keep(origin, proof));
        } catch (NoteException | UncheckableException none) {
            LOG.debug("action=compare origin={} result=\"{}\"", origin, none.getMessage());
            return Optional.empty();
        }
    }

    private Answer cosign(SignedNote note, TreeHead head) throws StoreException {
        Instant now = with.clock().instant();
        Known last = known;
        if (last != null && now.getEpochSecond() < last.cosigned().getEpochSecond()) {
            // At the later time it said that a smaller tree was the newest.
            return Answer.later("the witness's clock is behind its own last cosignature, of " + last.cosigned()
                    + ": set it right, or wait until then");
        }
        try {
            SignatureLine line = NoteSigner.cosign(note.text(), with.name(), now, with.signer());
            SignedNote cosigned = note.with(line);
            // Remembered before it is said: a crash in between loses an answer, the other way round a history.
            with.state().remember(origin, cosigned.bytes());
            known = new Known(cosigned, head, Instant.ofEpochSecond(now.getEpochSecond()));
            LOG.info("action=cosign origin={} size={}", origin, head.size());
            return new Answer.Cosigned(line);
        } catch (SigningException notNow) {
            return Answer.later("the witness's key does not sign: " + notNow.getMessage());
        }
    }
}
