package dev.terraseal.simulation;

/**
 * Something ARCHITECTURE.md promises. Looked at after every event of a run; reads what is new since the last look. Shares
 * nothing with the code it checks but value types and SHA-256.
 */
public interface Invariant {
    /** As ARCHITECTURE.md has it. */
    String name();

    /** @throws Violation if it does not hold */
    void check(Evidence evidence);

    /** Looked at once more, when everything has come to rest. */
    default void checkAtRest(Evidence evidence) {
        check(evidence);
    }

    /** Looked at when a run is over whose log was damaged beyond what is promised, and which need not come to rest. */
    default void checkDamaged(Evidence evidence) {
        check(evidence);
    }

    /** Throws a {@link Violation} of this invariant unless {@code holds}. */
    default void require(boolean holds, java.util.function.Supplier<String> what) {
        if (!holds) {
            throw new Violation(name(), what.get());
        }
    }
}
