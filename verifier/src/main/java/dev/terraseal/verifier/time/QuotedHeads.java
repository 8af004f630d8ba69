package dev.terraseal.verifier.time;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.checkpoint.VerifiedLine;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Heads that producers quote in {@code seenCheckpoint}. A cosignature could not be quoted before its witness made it, so
 * an event that quotes one is younger; without cosignatures by a quorum of the caller's witnesses a quote bounds nothing.
 */
final class QuotedHeads {
    private static final int KNOWN_MAX = 10_000;
    private static final int LINES_MAX = 16;

    private final LogOrigin origin;
    private final @Nullable TlogPolicy policy;
    private final SignatureChecker checker;
    private final Map<Json.Obj, Instant> known = new HashMap<>();

    QuotedHeads(LogOrigin origin, @Nullable TlogPolicy policy, SignatureChecker checker) {
        this.origin = origin;
        this.policy = policy == null || policy.isMetBy(List.of()) ? null : policy;
        this.checker = checker;
    }

    /** When a quorum had seen what is quoted, or null. */
    @Nullable Instant seenAt(Json.@Nullable Obj quoted) {
        if (policy == null || quoted == null) {
            return null;
        }
        Instant before = known.get(quoted);
        if (before != null) {
            return before;
        }
        Instant seen = read(policy, quoted);
        if (seen != null && known.size() < KNOWN_MAX) {
            known.put(quoted, seen);
        }
        return seen;
    }

    private @Nullable Instant read(TlogPolicy wanted, Json.Obj quoted) {
        try {
            Checkpoint head = new Checkpoint(origin, quoted.number("size"), Digest.fromBase64(quoted.string("root")));
            List<SignatureLine> lines = new ArrayList<>();
            for (String line : quoted.array("cosignatures").strings()) {
                if (lines.size() < LINES_MAX) {
                    lines.add(SignatureLine.parse(line));
                }
            }
            return lines.isEmpty()
                    ? null
                    : latest(wanted, new SignedNote(head.text(), lines).verifyKnown(wanted.witnesses(), checker));
        } catch (NoteException | IllegalArgumentException | UncheckableException boundsNothing) {
            return null;
        }
    }

    /** The latest time at which a quorum had seen it. */
    private static @Nullable Instant latest(TlogPolicy policy, List<VerifiedLine> lines) {
        Instant latest = null;
        for (VerifiedLine line : lines) {
            Instant at = line.seenAt();
            if (at != null && (latest == null || at.isAfter(latest)) && isMetFrom(policy, lines, at)) {
                latest = at;
            }
        }
        return latest;
    }

    private static boolean isMetFrom(TlogPolicy policy, List<VerifiedLine> lines, Instant from) {
        List<VerifierKey> cosigners = new ArrayList<>();
        for (VerifiedLine line : lines) {
            Instant at = line.seenAt();
            if (at != null && !at.isBefore(from)) {
                cosigners.add(line.key());
            }
        }
        return policy.isMetBy(cosigners);
    }
}
