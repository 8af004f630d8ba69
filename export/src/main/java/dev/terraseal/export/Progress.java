package dev.terraseal.export;

/** Told how far an export is; called often and from one thread. */
@FunctionalInterface
public interface Progress {
    /** {@code done} of {@code total} entries of this step; {@code step} is a word such as {@code reading}. */
    void at(String step, long done, long total);

    static Progress none() {
        return (step, done, total) -> {};
    }
}
