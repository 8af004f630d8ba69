package dev.terraseal.verifier.verdict;

/** The answer of one layer: a headline as it is shown, and what stands beside it. */
public record LayerResult(Layer layer, State state, String headline, String detail) {
    /** How a layer ended. */
    public enum State {
        VALID,
        FAILED,
        /** It does not apply to what was given, and says why. */
        NOT_COVERED,
        /** An earlier failure made the question meaningless. */
        NOT_REACHED
    }

    public static LayerResult valid(Layer layer, String headline, String detail) {
        return new LayerResult(layer, State.VALID, headline, detail);
    }

    public static LayerResult valid(Layer layer, String detail) {
        return valid(layer, layer.title() + " valid", detail);
    }

    public static LayerResult notCovered(Layer layer, String detail) {
        return new LayerResult(layer, State.NOT_COVERED, layer.title(), detail);
    }

    public static LayerResult failed(Layer layer) {
        return new LayerResult(layer, State.FAILED, layer.title() + " failed", "");
    }

    public static LayerResult notReached(Layer layer) {
        return new LayerResult(layer, State.NOT_REACHED, layer.title(), "not reached");
    }
}
