package dev.terraseal.verifier.archive;

import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.checkpoint.VerifiedLine;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.bundle.CheckpointLayer;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.WitnessDemand;
import dev.terraseal.verifier.trust.WitnessLayer;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The cosignatures of an archive: those of its newest checkpoint, and how long nobody cosigned at all. */
final class ArchiveCosignatures {
    private static final int LINE_MAX = 1 << 13;
    /** The log's own line and these are what a note may have. */
    private static final int COSIGNERS_MAX = 63;

    private final ArchiveFiles archive;
    private final Findings findings;
    private final SignatureChecker checker;

    ArchiveCosignatures(ArchiveFiles archive, Findings findings, SignatureChecker checker) {
        this.archive = archive;
        this.findings = findings;
        this.checker = checker;
    }

    /** Whether the witnesses of the trust file have cosigned the newest checkpoint, and when; null if not, or nobody asked. */
    WitnessLayer.@Nullable Seen judge(Question question) throws IOException {
        WitnessDemand demand =
                question.trust() == null ? null : question.trust().witnesses();
        return WitnessLayer.check(
                question,
                newestHead(demand),
                ArchiveFiles.COSIGNATURES,
                demand == null ? "" : silence(demand.policy()),
                findings,
                checker);
    }

    /**
     * The newest checkpoint with the last line of each cosigner, of those {@code demand} knows where there is one; null if
     * there is none or it cannot be read, which is found elsewhere.
     */
    private @Nullable SignedNote newestHead(@Nullable WitnessDemand demand) throws IOException {
        long size = archive.newestCheckpoint();
        SignedNote note = note(size);
        if (note == null) {
            return null;
        }
        Map<String, SignatureLine> last = new LinkedHashMap<>();
        for (String name : archive.under(ArchiveFiles.COSIGNATURES + size + "/")) {
            SignatureLine line = line(name);
            if (line != null && (demand == null || isKnown(line, demand.policy()))) {
                // Names begin with the time, so the last of a key is its newest.
                String key = line.name() + line.keyId();
                if (last.containsKey(key) || last.size() < COSIGNERS_MAX) {
                    last.put(key, line);
                }
            }
        }
        for (SignatureLine line : last.values()) {
            note = note.with(line);
        }
        return note;
    }

    /**
     * What the log signed its newest checkpoint with. The second line lies among the cosignatures; one under the log's name that
     * does not hold is a finding, wherever the rest of the archive comes from.
     *
     * @param head that checkpoint, which holds; null if there is none, and then nothing is said
     */
    Set<Algorithm> ofTheLog(CheckpointLayer.@Nullable Opened head, LogDeclaration log, KeyRing keys)
            throws IOException {
        SignedNote note = head == null ? null : newestHead(null);
        if (head == null || note == null) {
            return Set.of();
        }
        String origin = log.origin().value();
        SignedNote own = new SignedNote(
                note.text(),
                note.lines().stream().filter(line -> line.name().equals(origin)).toList());
        try {
            return CheckpointLayer.open(own, log, keys, checker).algorithms();
        } catch (NoteException wrong) {
            findings.add(
                    Layer.CHECKPOINT,
                    FindingName.BAD_CHECKPOINT,
                    ArchiveFiles.COSIGNATURES,
                    "a second line of the log is refused: " + wrong.getMessage());
        } catch (UncheckableException unknown) {
            findings.add(
                    Layer.CHECKPOINT,
                    FindingName.NOT_CHECKABLE,
                    ArchiveFiles.COSIGNATURES,
                    String.valueOf(unknown.getMessage()));
        }
        return head.algorithms();
    }

    private @Nullable SignedNote note(long size) throws IOException {
        String file = ArchiveFiles.CHECKPOINTS + size;
        if (size < 0 || !archive.files().has(file)) {
            return null;
        }
        try {
            return SignedNote.parse(archive.files().read(file, SignedNote.MAX_BYTES));
        } catch (NoteException | MalformedException refusedElsewhere) {
            return null;
        }
    }

    private @Nullable SignatureLine line(String name) throws IOException {
        try {
            String line = archive.files().read(name, LINE_MAX).utf8();
            if (!line.endsWith("\n")) {
                throw new NoteException("its line has no end");
            }
            return SignatureLine.parse(line.substring(0, line.length() - 1));
        } catch (NoteException | MalformedException | IllegalArgumentException wrong) {
            archive.spare(
                    findings,
                    Layer.WITNESSES,
                    FindingName.BAD_COSIGNATURE,
                    name,
                    name + " is no cosignature: " + wrong.getMessage());
            return null;
        }
    }

    private static boolean isKnown(SignatureLine line, TlogPolicy policy) {
        return policy.witnesses().stream()
                .anyMatch(key -> key.name().equals(line.name()) && key.keyId().equals(line.keyId()));
    }

    /** The longest time in which no quorum of the witnesses cosigned, as the layer's line says it. */
    private String silence(TlogPolicy policy) throws IOException {
        List<VerifiedLine> all = new ArrayList<>();
        for (long size : archive.checkpointSizes()) {
            SignedNote note = note(size);
            if (note == null) {
                continue;
            }
            for (String name : archive.under(ArchiveFiles.COSIGNATURES + size + "/")) {
                SignatureLine line = line(name);
                if (line != null && isKnown(line, policy)) {
                    verify(new SignedNote(note.text(), List.of(line)), policy, name, all);
                }
            }
        }
        List<Instant> quorums = quorums(policy, all);
        Duration longest = Duration.ZERO;
        Instant from = null;
        for (int i = 1; i < quorums.size(); i++) {
            Duration gap = Duration.between(quorums.get(i - 1), quorums.get(i));
            if (gap.compareTo(longest) > 0) {
                longest = gap;
                from = quorums.get(i - 1);
            }
        }
        return from == null
                ? ""
                : "; longest silence of the witnesses " + longest.toSeconds() + " s, from " + from + " on";
    }

    private void verify(SignedNote note, TlogPolicy policy, String name, List<VerifiedLine> into) {
        try {
            into.addAll(note.verifyKnown(policy.witnesses(), checker));
        } catch (NoteException wrong) {
            archive.spare(
                    findings,
                    Layer.WITNESSES,
                    FindingName.BAD_COSIGNATURE,
                    name,
                    name + " does not hold: " + wrong.getMessage());
        } catch (UncheckableException unknown) {
            findings.add(Layer.WITNESSES, FindingName.NOT_CHECKABLE, name, String.valueOf(unknown.getMessage()));
        }
    }

    /** Each time at which a quorum had cosigned since the time before. */
    private static List<Instant> quorums(TlogPolicy policy, List<VerifiedLine> lines) {
        record Seen(Instant at, VerifierKey by) {}
        List<Seen> seen = new ArrayList<>();
        for (VerifiedLine line : lines) {
            Instant at = line.seenAt();
            if (at != null) {
                seen.add(new Seen(at, line.key()));
            }
        }
        seen.sort(Comparator.comparing(Seen::at));
        List<Instant> quorums = new ArrayList<>();
        Set<VerifierKey> since = new HashSet<>();
        for (Seen each : seen) {
            since.add(each.by());
            if (policy.isMetBy(since)) {
                quorums.add(each.at());
                since.clear();
            }
        }
        return quorums;
    }
}
