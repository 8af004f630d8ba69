package dev.terraseal.verifier.verdict;

/** The end of a verification, with its exit code (FORMATS section 9). */
public enum Outcome {
    TRUSTED(0, "TRUSTED (0)", "everything asked for holds, under the genesis or trust file that was given"),
    INTACT(0, "INTACT (0)", "all consistent, and nothing more was asked for (--integrity-only)"),
    NOT_EVALUATED(3, "NOT EVALUATED (3)", "it could not be evaluated, for a reason outside what was given"),
    FAILED(
            4,
            "VERIFICATION FAILED (4)",
            "something inside what was given was changed, removed, reordered, forged, or is not what it claims to be"),
    NOT_YET_TRUSTED(5, "INTACT, NOT YET TRUSTED (5)", "all consistent, but nothing was given to trust it by"),
    /** A receipt without proof, under the genesis that was asked for. */
    PROMISED(
            5,
            "SIGNED, NOT YET IN THE LOG (5)",
            "signed by a key of the log that was given, and no checkpoint covers it yet: a promise to put it there");

    private final int code;
    private final String title;
    private final String meaning;

    Outcome(int code, String title, String meaning) {
        this.code = code;
        this.title = title;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String title() {
        return title;
    }

    public String meaning() {
        return meaning;
    }
}
