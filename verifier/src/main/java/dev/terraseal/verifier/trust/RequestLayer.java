package dev.terraseal.verifier.trust;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.verifier.entries.Demands;
import dev.terraseal.verifier.entries.Requirement;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was demanded of the head beyond being signed: its key, its size, what it continues, how far it reaches. */
public final class RequestLayer {
    private final Question question;
    private final Findings findings;
    private final KnownHead.Opener opener;
    private final List<String> met = new ArrayList<>();

    /** @param opener of {@code --from-checkpoint}, by the keys that were learned from the log itself */
    public RequestLayer(Question question, Findings findings, KnownHead.Opener opener) {
        this.question = question;
        this.findings = findings;
        this.opener = opener;
    }

    /**
     * @param head the one verified head, null if there is none
     * @param headKey the key of the log's own line on it
     * @param algorithms what the log signed it with; of no use without a head
     * @param reach of the entries that were read under the head
     * @param seen when witnesses of a trust file saw the head
     * @param demands of the trust file, which the head has to meet too
     */
    public void check(
            @Nullable Checkpoint head,
            @Nullable VerifierKey headKey,
            Set<Algorithm> algorithms,
            Reach reach,
            History history,
            WitnessLayer.@Nullable Seen seen,
            Demands demands)
            throws IOException {
        if (head == null || headKey == null) {
            if (asksForHead()) {
                fail("there is no checkpoint here, so nothing asked of the head can hold");
            }
        } else {
            checkKey(headKey);
            checkRequired(head, algorithms);
            checkAlgorithm(head, algorithms, demands);
            checkSize(head);
            checkLastSeen(head, history);
            checkFrom(head, history);
        }
        checkCovers(reach);
        checkAge(seen);
        if (!met.isEmpty() || findings.failed(Layer.REQUESTS)) {
            findings.conclude(LayerResult.valid(Layer.REQUESTS, "Requests met", String.join(", ", met)));
        }
    }

    private void checkAlgorithm(Checkpoint head, Set<Algorithm> algorithms, Demands demands) {
        if (demands.isBroken(algorithms, Math.max(0, head.size() - 1))) {
            findings.add(
                    Layer.CHECKPOINT,
                    FindingName.BROKEN_ALGORITHM,
                    "checkpoint",
                    "the checkpoint is signed with " + named(algorithms) + " only, which the trust file calls broken");
        }
    }

    private void checkAge(WitnessLayer.@Nullable Seen seen) {
        Duration limit = question.headAgeLimit();
        if (limit == null) {
            return;
        }
        if (seen == null) {
            fail("--max-head-age: the age of the head cannot be shown: no cosignature on it is by witnesses of a trust"
                    + " file, and a time-stamp token says that a head is old, never that it is new");
            return;
        }
        Duration age = Duration.between(seen.latest(), question.clock().instant());
        if (age.compareTo(limit) <= 0) {
            met.add("witnesses saw this head " + age.toSeconds() + " seconds ago");
        } else {
            fail("--max-head-age: witnesses last saw this head at " + seen.latest() + ", " + age.toSeconds()
                    + " seconds ago; " + limit.toSeconds() + " are allowed");
        }
    }

    private boolean asksForHead() {
        return question.logKey() != null
                || question.atLeast() != null
                || question.fromCheckpoint() != null
                || question.trust() != null && question.trust().lastSeen() != null;
    }

    private void checkKey(VerifierKey headKey) {
        VerifierKey wanted = question.logKey();
        if (wanted != null) {
            if (wanted.equals(headKey)) {
                met.add("signed by the log key given");
            } else {
                fail("--log-key: the head is signed by " + headKey.text() + ", not by " + wanted.text());
            }
        }
    }

    private void checkRequired(Checkpoint head, Set<Algorithm> algorithms) {
        for (Requirement requirement : question.requirements()) {
            if (requirement.use() == KeyUse.LOG
                    && Math.max(0, head.size() - 1) >= requirement.from()
                    && !algorithms.containsAll(requirement.algorithms())) {
                fail("the trust file requires " + named(requirement.algorithms()) + " on checkpoints; this one has "
                        + named(algorithms));
            }
        }
    }

    private static String named(Set<Algorithm> algorithms) {
        return algorithms.stream().sorted().map(Algorithm::name).collect(Collectors.joining(", "));
    }

    private void checkSize(Checkpoint head) {
        Long wanted = question.atLeast();
        if (wanted != null) {
            if (head.size() >= wanted) {
                met.add("size at least " + wanted);
            } else {
                fail("--at-least: the head has size " + head.size() + ", less than " + wanted);
            }
        }
    }

    private void checkLastSeen(Checkpoint head, History history) throws IOException {
        Trust.LastSeen seen = question.trust() == null ? null : question.trust().lastSeen();
        if (seen != null) {
            continues(head, seen.size(), seen.root(), "the head last seen (trust file)", "", history);
        }
    }

    private void checkFrom(Checkpoint head, History history) throws IOException {
        SignedNote note = question.fromCheckpoint();
        if (note == null) {
            return;
        }
        try {
            KnownHead known = opener.open(note);
            Checkpoint old = known.checkpoint();
            String whose = known.suspicion()
                    .map(why -> " (it is " + why + ", and may be the thief's)")
                    .orElse("");
            continues(head, old.size(), old.root(), "--from-checkpoint", whose, history);
        } catch (NoteException notOurs) {
            fail("--from-checkpoint: " + notOurs.getMessage());
        } catch (UncheckableException unknown) {
            findings.add(Layer.REQUESTS, FindingName.NOT_CHECKABLE, "", String.valueOf(unknown.getMessage()));
        }
    }

    private void continues(Checkpoint head, long size, Digest root, String what, String whose, History history)
            throws IOException {
        if (size > head.size()) {
            fail(what + ": it has size " + size + ", and this head only " + head.size()
                    + ": newer entries are not here");
            return;
        }
        try {
            history.requirePrefix(size, root);
            met.add("continues size " + size);
        } catch (ProofException other) {
            findings.add(
                    Layer.REQUESTS,
                    other.computed() == null ? FindingName.REQUEST_NOT_MET : FindingName.TWO_HISTORIES,
                    "",
                    what + ": " + other.getMessage() + whose);
        } catch (MalformedException unreadable) {
            // Found where proofs are looked at, whether anybody asks or not; here it shows nothing.
            fail(what + ": " + unreadable.getMessage());
        }
    }

    private void checkCovers(Reach reach) {
        Timestamp wanted = question.coversUntil();
        Timestamp newest = reach.latest();
        if (wanted == null) {
            return;
        }
        if (!reach.gaps().isEmpty()) {
            fail("--covers-until: " + reach.gaps());
        } else if (newest != null && newest.compareTo(wanted) >= 0) {
            met.add("an entry received at " + newest + " by the log's clock");
        } else {
            fail("--covers-until: the newest entry here was received at " + (newest == null ? "no known time" : newest)
                    + ", before " + wanted);
        }
    }

    private void fail(String message) {
        findings.add(Layer.REQUESTS, FindingName.REQUEST_NOT_MET, "", message);
    }
}
