package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.timestamp.RenewalName;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.verifier.bundle.CheckpointLayer.Opened;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.time.Stamped;
import dev.terraseal.verifier.time.TokenJudge;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** timestamps/ of a bundle: the notes that were stamped are checkpoints that the head continues, and their tokens. */
final class BundleStamps {
    private final BundleFiles files;
    private final Findings findings;
    private final LogDeclaration log;
    private final KeyRing keys;
    private final Opened head;
    private final SignatureChecker checker;
    private final ConsistencyFiles consistency;
    private final Map<Long, Optional<Bytes>> notes = new HashMap<>();
    private final Set<String> used = new HashSet<>();

    BundleStamps(
            BundleFiles files,
            Findings findings,
            LogDeclaration log,
            KeyRing keys,
            Opened head,
            SignatureChecker checker) {
        this.files = files;
        this.findings = findings;
        this.log = log;
        this.keys = keys;
        this.head = head;
        this.checker = checker;
        this.consistency = new ConsistencyFiles(files);
    }

    /** Judges every token; a note or a list without one is a stranger. */
    Stamped read(@Nullable Trust trust) throws IOException {
        TokenJudge judge =
                new TokenJudge(trust, (name, file, message) -> findings.add(Layer.TIME, name, file, message));
        for (String name : files.names()) {
            try {
                take(name, judge);
            } catch (MalformedException wrong) {
                // The other tokens go on counting for what was signed before an algorithm broke.
                fail(FindingName.MALFORMED, wrong.file(), String.valueOf(wrong.getMessage()));
            }
        }
        for (String name : files.names()) {
            boolean stamped = StampName.noteSize(name) != null || RenewalName.isList(name);
            if (stamped && !used.contains(name)) {
                fail(FindingName.STRANGER, name, "Stranger: " + name + " has no token");
            }
        }
        return judge.finish();
    }

    private void take(String name, TokenJudge judge) throws IOException {
        Optional<StampName> stamp = StampName.parse(name);
        Optional<RenewalName> renewal = RenewalName.parse(name);
        if (stamp.isPresent()) {
            Bytes note = note(stamp.get().size());
            if (note != null) {
                judge.take(stamp.get(), files.read(name, TimeStampToken.BYTES_MAX), note);
            }
        } else if (renewal.isPresent()) {
            used.add(renewal.get().list());
            Bytes list = files.read(renewal.get().list(), TokenList.BYTES_MAX);
            judge.takeRenewal(renewal.get(), files.read(name, TimeStampToken.BYTES_MAX), list);
        }
    }

    private @Nullable Bytes note(long size) throws IOException {
        Optional<Bytes> known = notes.get(size);
        if (known == null) {
            used.add(StampName.note(size));
            notes.put(size, Optional.empty());
            known = open(size);
            notes.put(size, known);
        }
        return known.orElse(null);
    }

    private Optional<Bytes> open(long size) throws IOException {
        String name = StampName.note(size);
        if (!files.has(name)) {
            fail(FindingName.MISSING_FILE, name, "Missing file: " + name);
            return Optional.empty();
        }
        Bytes bytes = files.read(name, SignedNote.MAX_BYTES);
        try {
            SignedNote note = SignedNote.parse(bytes);
            Opened opened = CheckpointLayer.open(note, log, keys, checker);
            if (opened.checkpoint().size() != size || opened.otherLines() > 0) {
                throw new NoteException("it is not the checkpoint of size " + size + " with the log's own line alone");
            }
            requireOneHistory(opened.checkpoint());
            return Optional.of(bytes);
        } catch (NoteException wrong) {
            fail(FindingName.BAD_CHECKPOINT, name, name + " is refused: " + wrong.getMessage());
        } catch (ProofException other) {
            fail(FindingName.TWO_HISTORIES, name, name + ": " + other.getMessage());
        } catch (UncheckableException unknown) {
            fail(FindingName.NOT_CHECKABLE, name, String.valueOf(unknown.getMessage()));
        }
        return Optional.empty();
    }

    private void requireOneHistory(Checkpoint stamped) throws ProofException, IOException {
        Checkpoint newest = head.checkpoint();
        if (stamped.size() > newest.size()) {
            throw new ProofException("it has size " + stamped.size() + ", and this head only " + newest.size());
        }
        try {
            consistency.requirePrefix(stamped.size(), stamped.root(), newest, null);
        } catch (MalformedException noProof) {
            throw new ProofException(String.valueOf(noProof.getMessage()));
        }
    }

    private void fail(FindingName finding, String name, String message) {
        findings.add(Layer.TIME, finding, name, message);
    }
}
