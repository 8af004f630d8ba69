package dev.terraseal.verifier.time;

import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import org.jspecify.annotations.Nullable;

/** The answer about time: whose tokens are there, up to which entry they reach, and whether that is what was asked. */
public final class TimeLayer {
    private TimeLayer() {}

    /**
     * @param needed entries below this index have to have a token, where the caller names time authorities
     * @param reading the entries, null where none were read
     * @param extra what else the layer's line says, or empty
     */
    public static void conclude(
            Question question,
            Stamped stamped,
            long needed,
            @Nullable TimeReading reading,
            String extra,
            Findings findings) {
        boolean wanted =
                question.trust() != null && !question.trust().timeAuthorities().isEmpty();
        TimeBounds bounds = stamped.bounds();
        if (wanted && bounds.isEmpty()) {
            missing(
                    findings,
                    "the trust file names time authorities, and no time-stamp token by one of them is here"
                            + unheard(stamped));
        } else if (wanted && bounds.covered() < needed) {
            missing(
                    findings,
                    "the trust file names time authorities, and their newest token here is over a head of size "
                            + bounds.covered() + "; entry " + (needed - 1)
                            + " is newer. Ask for an export made after the log's next time stamp");
        }
        findings.conclude(
                bounds.isEmpty()
                        ? LayerResult.notCovered(Layer.TIME, uncounted(stamped) + extra)
                        : LayerResult.valid(Layer.TIME, counted(stamped, reading) + extra));
    }

    private static void missing(Findings findings, String message) {
        findings.add(Layer.TIME, FindingName.TOKEN_MISSING, StampName.PREFIX, message);
    }

    private static String unheard(Stamped stamped) {
        return stamped.tokens() == 0 ? "" : " (" + stamped.tokens() + " by others)";
    }

    private static String uncounted(Stamped stamped) {
        if (stamped.tokens() == 0) {
            return "not covered: no token";
        }
        if (stamped.broken() > 0) {
            return "not covered: " + stamped.broken() + " tokens are signed by what the trust file calls broken";
        }
        return "not trusted: " + plural(stamped.tokens()) + " by " + String.join(", ", stamped.strangers())
                + "; a trust file names the roots you believe (timeAuthorities)";
    }

    private static String counted(Stamped stamped, @Nullable TimeReading reading) {
        TimeBounds bounds = stamped.bounds();
        String skew = reading == null ? "" : reading.skew();
        return plural(bounds.count()) + " under " + String.join(", ", bounds.roots()) + ", up to entry "
                + (bounds.covered() - 1)
                + (stamped.strangers().isEmpty() ? "" : "; others are by " + String.join(", ", stamped.strangers()))
                + (skew.isEmpty() ? "" : "; " + skew);
    }

    private static String plural(int tokens) {
        return tokens + (tokens == 1 ? " token" : " tokens");
    }
}
