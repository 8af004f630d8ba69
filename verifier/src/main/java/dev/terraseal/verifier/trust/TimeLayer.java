package dev.terraseal.verifier.trust;

import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;

/** Time-stamp tokens: this version cannot check one, so the most it says of them is that they are there. */
public final class TimeLayer {
    private TimeLayer() {}

    /**
     * @param tokens how many RFC 3161 tokens lie beside the head
     * @param extra what else the layer's line says, or empty
     */
    public static void check(Question question, int tokens, String extra, Findings findings) {
        boolean wanted = question.trust() != null && question.trust().wantsTime();
        if (wanted && tokens == 0) {
            findings.add(
                    Layer.TIME,
                    FindingName.TOKEN_MISSING,
                    "timestamps/",
                    "the trust file names time authorities, and no time-stamp token is here");
        } else if (wanted) {
            findings.add(
                    Layer.TIME,
                    FindingName.NOT_CHECKABLE,
                    "timestamps/",
                    "the trust file names time authorities; " + tokens
                            + " tokens are here, and this version cannot check them");
        }
        findings.conclude(LayerResult.notCovered(
                Layer.TIME, (tokens == 0 ? "not covered: no token" : "not checked: " + tokens + " tokens") + extra));
    }
}
