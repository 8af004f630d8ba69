package dev.terraseal.verifier.trust;

import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.checkpoint.VerifiedLine;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the witnesses that a trust file names have cosigned the head, and when. */
public final class WitnessLayer {
    private WitnessLayer() {}

    /**
     * When enough witnesses had seen the head.
     *
     * @param earliest it existed by then: a quorum says so
     * @param latest it was still the newest a quorum knew then
     * @param lasting it existed by then even for whoever forges under every algorithm that the trust file calls broken: a
     *     quorum of witnesses with other keys says so; null if there is none
     */
    public record Seen(
            Instant earliest, Instant latest, @Nullable Instant lasting) {}

    /** As {@link #check(Question, SignedNote, List, String, String, Findings, SignatureChecker)}, with nothing more to say. */
    public static @Nullable Seen check(
            Question question,
            @Nullable SignedNote note,
            List<VerifierKey> ofTheLog,
            String file,
            Findings findings,
            SignatureChecker checker) {
        return check(question, note, ofTheLog, file, "", findings, checker);
    }

    /**
     * Checks the cosignatures on {@code note}; null if nobody was named or there are not enough.
     *
     * @param ofTheLog the keys of the log's own second lines: whatever a policy calls them, they are no witness's
     * @param file where the note lies
     * @param more what else the layer's line says, or empty
     */
    public static @Nullable Seen check(
            Question question,
            @Nullable SignedNote note,
            List<VerifierKey> ofTheLog,
            String file,
            String more,
            Findings findings,
            SignatureChecker checker) {
        WitnessDemand demand =
                question.trust() == null ? null : question.trust().witnesses();
        if (demand == null) {
            int others = note == null ? 0 : strangers(note);
            if (others > 0) {
                findings.conclude(LayerResult.notCovered(
                        Layer.WITNESSES,
                        "not checked: " + counted(others) + "; a trust file names the witnesses (--trust)" + more));
            }
            return null;
        }
        try {
            return check(demand, question.brokenAlgorithms(), note, ofTheLog, file, more, findings, checker);
        } catch (NoteException bad) {
            findings.add(Layer.WITNESSES, FindingName.BAD_COSIGNATURE, file, String.valueOf(bad.getMessage()));
        } catch (UncheckableException unknown) {
            findings.add(Layer.WITNESSES, FindingName.NOT_CHECKABLE, file, String.valueOf(unknown.getMessage()));
        }
        return null;
    }

    private static @Nullable Seen check(
            WitnessDemand demand,
            Set<Algorithm> broken,
            @Nullable SignedNote note,
            List<VerifierKey> ofTheLog,
            String file,
            String more,
            Findings findings,
            SignatureChecker checker)
            throws NoteException, UncheckableException {
        TlogPolicy policy = demand.policy();
        requireLog(policy, note);
        List<VerifiedLine> lines =
                note == null ? List.of() : note.verifyKnown(policy.witnessesBeside(ofTheLog), checker);
        Seen seen = seen(policy, lines, broken);
        boolean asked = note == null ? demand.asksFor(Long.MAX_VALUE) : demand.asksFor(size(note));
        if (seen == null && asked) {
            findings.add(
                    Layer.WITNESSES,
                    FindingName.COSIGNATURE_MISSING,
                    file,
                    "the head carries " + counted(lines.size())
                            + " by witnesses of the trust file, which is not the quorum it asks for");
        } else if (seen != null) {
            findings.conclude(LayerResult.valid(
                    Layer.WITNESSES, counted(lines.size()) + ", seen by a quorum at " + seen.latest() + more));
        } else {
            findings.conclude(LayerResult.notCovered(
                    Layer.WITNESSES,
                    counted(lines.size()) + "; the trust file asks for no quorum on a head of this size" + more));
        }
        return seen;
    }

    /** A policy that names logs is about those alone. The note's first line was verified, or is refused elsewhere. */
    private static void requireLog(TlogPolicy policy, @Nullable SignedNote note) throws NoteException {
        if (note == null || policy.logs().isEmpty()) {
            return;
        }
        SignatureLine own = note.lines().get(0);
        for (VerifierKey log : policy.logs()) {
            if (log.isNamedBy(own)) {
                return;
            }
        }
        throw new NoteException(
                "the witness policy of the trust file is for another log key than the one that signed this head");
    }

    /** Lines under another name than the log's own. */
    private static int strangers(SignedNote note) {
        String log = note.lines().get(0).name();
        int others = 0;
        for (SignatureLine line : note.lines()) {
            others += line.name().equals(log) ? 0 : 1;
        }
        return others;
    }

    private static long size(SignedNote note) throws NoteException {
        return TreeHead.parse(note.text()).size();
    }

    private static String counted(int cosignatures) {
        return cosignatures + (cosignatures == 1 ? " cosignature" : " cosignatures");
    }

    private static @Nullable Seen seen(TlogPolicy policy, List<VerifiedLine> lines, Set<Algorithm> broken) {
        if (policy.isMetBy(List.of())) {
            // A quorum of nobody saw nothing.
            return null;
        }
        Instant latest = null;
        for (Instant at : times(lines)) {
            if (isMet(policy, lines, at, Instant.MAX)) {
                latest = at;
            }
        }
        Instant earliest = earliest(policy, lines);
        if (earliest == null || latest == null) {
            return null;
        }
        List<VerifiedLine> unbroken = lines.stream()
                .filter(line -> !broken.contains(line.key().type().algorithm()))
                .toList();
        return new Seen(earliest, latest, earliest(policy, unbroken));
    }

    private static @Nullable Instant earliest(TlogPolicy policy, List<VerifiedLine> lines) {
        for (Instant at : times(lines)) {
            if (isMet(policy, lines, Instant.MIN, at)) {
                return at;
            }
        }
        return null;
    }

    private static List<Instant> times(List<VerifiedLine> lines) {
        List<Instant> times = new ArrayList<>();
        for (VerifiedLine line : lines) {
            Instant at = line.seenAt();
            if (at != null) {
                times.add(at);
            }
        }
        Collections.sort(times);
        return times;
    }

    private static boolean isMet(TlogPolicy policy, List<VerifiedLine> lines, Instant from, Instant to) {
        List<VerifierKey> cosigners = new ArrayList<>();
        for (VerifiedLine line : lines) {
            Instant at = line.seenAt();
            if (at != null && !at.isBefore(from) && !at.isAfter(to)) {
                cosigners.add(line.key());
            }
        }
        return policy.isMetBy(cosigners);
    }
}
