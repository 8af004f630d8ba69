package dev.terraseal.verifier.trust;

import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.checkpoint.VerifiedLine;
import dev.terraseal.core.checkpoint.VerifierKey;
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
import org.jspecify.annotations.Nullable;

/** Whether the witnesses that a trust file names have cosigned the head, and when. */
public final class WitnessLayer {
    private WitnessLayer() {}

    /**
     * When enough witnesses had seen the head.
     *
     * @param earliest it existed by then: a quorum says so
     * @param latest it was still the newest a quorum knew then
     */
    public record Seen(Instant earliest, Instant latest) {}

    /**
     * Checks the cosignatures on {@code note}; null if nobody was named or there are not enough.
     *
     * @param file where the note lies
     */
    public static @Nullable Seen check(
            Question question, @Nullable SignedNote note, String file, Findings findings, SignatureChecker checker) {
        TlogPolicy policy = question.trust() == null ? null : question.trust().witnesses();
        if (policy == null || policy.isMetBy(List.of())) {
            return null;
        }
        try {
            List<VerifiedLine> lines = note == null ? List.of() : note.verifyKnown(policy.witnesses(), checker);
            Seen seen = seen(policy, lines);
            if (seen == null) {
                findings.add(
                        Layer.WITNESSES,
                        FindingName.COSIGNATURE_MISSING,
                        file,
                        "the head carries " + lines.size()
                                + " cosignatures by witnesses of the trust file, which is not the quorum it asks for");
            } else {
                findings.conclude(LayerResult.valid(
                        Layer.WITNESSES, lines.size() + " cosignatures, seen by a quorum at " + seen.latest()));
            }
            return seen;
        } catch (NoteException bad) {
            findings.add(Layer.WITNESSES, FindingName.BAD_COSIGNATURE, file, String.valueOf(bad.getMessage()));
        } catch (UncheckableException unknown) {
            findings.add(Layer.WITNESSES, FindingName.NOT_CHECKABLE, file, String.valueOf(unknown.getMessage()));
        }
        return null;
    }

    private static @Nullable Seen seen(TlogPolicy policy, List<VerifiedLine> lines) {
        List<Instant> times = new ArrayList<>();
        for (VerifiedLine line : lines) {
            Instant at = line.seenAt();
            if (at != null) {
                times.add(at);
            }
        }
        Collections.sort(times);
        Instant earliest = null;
        Instant latest = null;
        for (Instant at : times) {
            if (earliest == null && isMet(policy, lines, Instant.MIN, at)) {
                earliest = at;
            }
            if (isMet(policy, lines, at, Instant.MAX)) {
                latest = at;
            }
        }
        return earliest == null || latest == null ? null : new Seen(earliest, latest);
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
