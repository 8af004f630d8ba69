package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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

    /** A line of a witness that holds, and the size of the checkpoint it is on. */
    private record Held(long size, VerifiedLine line) {}

    /** Whether the witnesses of the trust file have cosigned the newest checkpoint, and when; null if not, or nobody asked. */
    WitnessLayer.@Nullable Seen judge(Question question, CheckpointsInStep checkpoints) throws IOException {
        WitnessDemand demand =
                question.trust() == null ? null : question.trust().witnesses();
        List<Held> held = demand == null ? List.of() : held(demand.policy(), checkpoints);
        return WitnessLayer.check(
                question,
                newestHead(demand == null ? lines() : newest(held)),
                checkpoints.secondKeys(archive.newestCheckpoint()),
                ArchiveFiles.COSIGNATURES,
                demand == null ? "" : silence(demand.policy(), held),
                findings,
                checker);
    }

    /** Every line of a known witness that holds, in the order of the checkpoints and then of their times. */
    private List<Held> held(TlogPolicy policy, CheckpointsInStep checkpoints) throws IOException {
        List<Held> held = new ArrayList<>();
        for (long size : archive.checkpointSizes()) {
            SignedNote note = note(size);
            if (note == null) {
                continue;
            }
            List<VerifierKey> witnesses = policy.witnessesBeside(checkpoints.secondKeys(size));
            for (String name : archive.under(ArchiveFiles.COSIGNATURES + size + "/")) {
                SignatureLine line = line(name, note.text(), witnesses);
                if (line != null) {
                    verify(new SignedNote(note.text(), List.of(line)), witnesses, name)
                            .forEach(verified -> held.add(new Held(size, verified)));
                }
            }
        }
        return held;
    }

    private List<SignatureLine> newest(List<Held> held) {
        long newest = archive.newestCheckpoint();
        return held.stream()
                .filter(each -> each.size() == newest)
                .map(each -> each.line().line())
                .toList();
    }

    private List<SignatureLine> lines() throws IOException {
        SignedNote note = note(archive.newestCheckpoint());
        List<SignatureLine> lines = new ArrayList<>();
        for (String name : archive.under(ArchiveFiles.COSIGNATURES + archive.newestCheckpoint() + "/")) {
            SignatureLine line = note == null ? null : line(name, note.text(), List.of());
            if (line != null) {
                lines.add(line);
            }
        }
        return lines;
    }

    /**
     * The newest checkpoint with the last line of each cosigner; null if there is none or it cannot be read, which is found
     * elsewhere.
     *
     * @param lines in the order of their times
     */
    private @Nullable SignedNote newestHead(List<SignatureLine> lines) throws IOException {
        SignedNote note = note(archive.newestCheckpoint());
        Map<String, SignatureLine> last = new LinkedHashMap<>();
        for (SignatureLine line : lines) {
            String key = line.name() + line.keyId();
            if (last.containsKey(key) || last.size() < COSIGNERS_MAX) {
                last.put(key, line);
            }
        }
        for (SignatureLine line : last.values()) {
            note = note == null ? null : note.with(line);
        }
        return note;
    }

    /**
     * What the log signed its newest checkpoint with. Its second line lies among the cosignatures; where others can put one
     * there that does not hold, it is no part of the archive.
     *
     * @param head that checkpoint, which holds; null if there is none, and then nothing is said
     */
    Set<Algorithm> ofTheLog(CheckpointLayer.@Nullable Opened head, LogDeclaration log, KeyRing keys)
            throws IOException {
        SignedNote note = head == null ? null : note(head.checkpoint().size());
        if (head == null || note == null) {
            return Set.of();
        }
        List<VerifierKey> seconds = CheckpointLayer.secondKeys(head.checkpoint(), log, keys);
        Set<VerifierKey> hold = new HashSet<>();
        for (String name :
                archive.under(ArchiveFiles.COSIGNATURES + head.checkpoint().size() + "/")) {
            SignatureLine line = seconds.isEmpty() ? null : line(name, note.text(), seconds);
            if (line != null) {
                hold.addAll(holding(note.text(), line, seconds, name));
            }
        }
        return Checkpoint.algorithms(hold.size());
    }

    private Set<VerifierKey> holding(String text, SignatureLine line, List<VerifierKey> seconds, String name) {
        try {
            return new SignedNote(text, List.of(line))
                    .verifyKnown(seconds, checker).stream()
                            .map(VerifiedLine::key)
                            .collect(Collectors.toSet());
        } catch (NoteException wrong) {
            archive.spare(
                    findings,
                    Layer.CHECKPOINT,
                    FindingName.BAD_CHECKPOINT,
                    name,
                    name + " is no second line of the log: " + wrong.getMessage());
        } catch (UncheckableException unknown) {
            findings.add(Layer.CHECKPOINT, FindingName.NOT_CHECKABLE, name, String.valueOf(unknown.getMessage()));
        }
        return Set.of();
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

    /**
     * The line under a name; of several versions the oldest counts that holds, or that nobody here can judge.
     *
     * @param text of the checkpoint it is on
     */
    private @Nullable SignatureLine line(String name, String text, Collection<VerifierKey> keys) throws IOException {
        try {
            Bytes content = archive.read(name, LINE_MAX, version -> mayCount(version, name, text, keys));
            return parsed(content);
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

    private static SignatureLine parsed(Bytes content) throws NoteException {
        String line = content.utf8();
        if (!line.endsWith("\n")) {
            throw new NoteException("its line has no end");
        }
        return SignatureLine.parse(line.substring(0, line.length() - 1));
    }

    private boolean mayCount(Bytes content, String name, String text, Collection<VerifierKey> keys) {
        try {
            SignatureLine line = parsed(content);
            boolean known = keys.stream().anyMatch(key -> key.keyId().equals(line.keyId()));
            List<VerifiedLine> verified = new SignedNote(text, List.of(line)).verifyKnown(keys, checker);
            return name.endsWith("-" + line.keyId().hex()) && known != verified.isEmpty();
        } catch (NoteException | IllegalArgumentException none) {
            return false;
        } catch (UncheckableException unknown) {
            return true;
        }
    }

    /** The longest time in which no quorum of the witnesses cosigned, as the layer's line says it. */
    private String silence(TlogPolicy policy, List<Held> held) {
        List<Instant> quorums = quorums(policy, held.stream().map(Held::line).toList());
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

    private List<VerifiedLine> verify(SignedNote note, List<VerifierKey> witnesses, String name) {
        try {
            return note.verifyKnown(witnesses, checker);
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
        return List.of();
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
