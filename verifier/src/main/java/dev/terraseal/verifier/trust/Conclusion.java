package dev.terraseal.verifier.trust;

import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.time.TimeBounds;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.Outcome;
import dev.terraseal.verifier.verdict.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the one verdict of what was found and what was asked. */
public final class Conclusion {
    private static final String ONLY_BEFORE = "when anything happened, but that it was before the times of the tokens";

    /** What every verification answers, be it of one entry: a layer that nobody concluded is no success. */
    private static final Set<Layer> ALWAYS =
            EnumSet.of(Layer.CHAIN, Layer.SIGNATURES, Layer.INCLUSION, Layer.KEY_EVENTS, Layer.TIME);

    /** The layers that have a line only where they fail or somebody asked, or that need a store. */
    private static final Set<Layer> ASKED =
            EnumSet.of(Layer.DECLARATION, Layer.WITNESSES, Layer.REQUESTS, Layer.VERSIONS, Layer.LOCKS);

    private Conclusion() {}

    /** Compares a declaration with the genesis and origin the caller trusts. */
    public static void requireTrustedLog(Question question, LogDeclaration log, Findings findings) {
        Trust trust = question.trust();
        if (trust == null) {
            return;
        }
        if (!trust.genesis().equals(log.genesis())) {
            findings.add(
                    Layer.DECLARATION,
                    FindingName.WRONG_GENESIS,
                    "log.json",
                    "Another log: its genesis is " + log.genesis() + ", you gave " + trust.genesis(),
                    "it calls itself " + log.origin() + "; a name alone proves nothing");
        }
        if (trust.origin() != null && !trust.origin().equals(log.origin())) {
            findings.add(
                    Layer.DECLARATION,
                    FindingName.OTHER_LOG,
                    "log.json",
                    "Another log: it calls itself " + log.origin() + ", the trust file says " + trust.origin());
        }
    }

    /** The verdict. A promise is something signed that no checkpoint covers yet: it is never trusted, only intact. */
    public static Verdict of(
            Question question,
            Findings findings,
            String kind,
            Verdict.Facts facts,
            List<String> proven,
            List<String> notProven,
            WitnessLayer.@Nullable Seen seen,
            TimeBounds bounds) {
        List<String> known = new ArrayList<>(proven);
        List<String> open = new ArrayList<>(notProven);
        Verdict.Facts all = facts;
        if (!bounds.isEmpty()) {
            known.add("entries up to " + (bounds.covered() - 1) + " were in the log by the times of their tokens");
        }
        if (seen == null) {
            open.add(bounds.isEmpty() ? "when anything happened (no time-stamp token)" : ONLY_BEFORE);
            open.add("that others see the same history (no witness); nothing here says it is the newest today");
        } else {
            known.add("the head existed at " + seen.earliest() + " and witnesses saw it last at " + seen.latest());
            open.add(
                    bounds.isEmpty()
                            ? "when anything happened, but that it was before the witnesses saw it"
                            : ONLY_BEFORE);
            open.add("nothing here says it is the newest today");
            all = facts.seenAt(seen.latest().toString());
        }
        open.add("that no second signature, cosignature or time-stamp token was left out");
        findings.requireConcluded(kind.equals("receipt") ? ALWAYS : EnumSet.complementOf(EnumSet.copyOf(ASKED)));
        Outcome outcome = outcome(question, findings);
        boolean holds = outcome != Outcome.FAILED && outcome != Outcome.NOT_EVALUATED;
        return new Verdict(
                outcome,
                kind,
                all,
                findings.layers(),
                findings.inOrder(),
                holds ? known : List.of(),
                holds ? open : List.of(),
                outcome == Outcome.NOT_YET_TRUSTED && question.trust() == null ? pinAdvice(facts) : List.of(),
                List.of(),
                0,
                findings.perName());
    }

    private static Outcome outcome(Question question, Findings findings) {
        if (findings.anyFailure()) {
            return findings.anyRefusal() ? Outcome.FAILED : Outcome.NOT_EVALUATED;
        }
        if (question.trust() != null) {
            return Outcome.TRUSTED;
        }
        return question.integrityOnly() ? Outcome.INTACT : Outcome.NOT_YET_TRUSTED;
    }

    private static List<String> pinAdvice(Verdict.Facts facts) {
        List<String> advice = new ArrayList<>();
        advice.add("every signature fits the keys inside what you gave, and anyone could have made those.");
        advice.add("Compare genesis " + facts.genesis()
                + " with one you got another way, then: terraseal verify … --genesis " + facts.genesis());
        return advice;
    }
}
