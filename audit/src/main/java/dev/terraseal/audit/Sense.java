package dev.terraseal.audit;

import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Verdict;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What findings mean to whoever keeps the store: who has to do what. */
public enum Sense {
    /** Something says other than it did, or was forged: find out who did it; the evidence does not hold there. */
    TAMPERING("changed or forged"),
    /** Something that has to be there is not: put it back from a copy, and find out whether it ever was there. */
    MISSING("missing"),
    /** The evidence holds and could be taken away: lock it. */
    UNPROTECTED("not protected as promised"),
    /** Somebody tried, and changed nothing that counts: find out who. */
    ATTEMPT("attempts that changed nothing"),
    /** Nothing is wrong; something is to be done. */
    TO_DO("to do"),
    /** About the world and not about the store: gaps in the state of what was deployed. */
    REMARK("remarks");

    private final String title;

    Sense(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** The name in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Sense of(FindingName name) {
        return switch (name) {
            case MISSING_FILE, MISSING_ENTRY, TOKEN_MISSING, COSIGNATURE_MISSING, REQUEST_NOT_MET -> MISSING;
            case NOT_LOCKED, GOVERNANCE_LOCK, RETENTION_SHORT -> UNPROTECTED;
            case LEFT_OVER, LATER_VERSION, DELETE_MARKER -> ATTEMPT;
            case RETENTION_DUE, WRONG_SETTINGS, NOT_CHECKABLE -> TO_DO;
            default -> name.isFailure() ? TAMPERING : REMARK;
        };
    }

    /** How many were found of each, those that a verdict does not show among them. */
    static Map<Sense, Integer> count(Verdict verdict) {
        Map<Sense, Integer> counts = new EnumMap<>(Sense.class);
        for (Sense sense : values()) {
            counts.put(sense, 0);
        }
        verdict.found().forEach((name, count) -> counts.merge(of(name), count, Integer::sum));
        return counts;
    }
}
