package dev.terraseal.verifier.bundle;

/**
 * How many bytes may still be hashed to find out more than that something is wrong. Whoever damages a bundle decides how
 * much there is to explain.
 */
final class Effort {
    private long left;

    Effort(long bytes) {
        this.left = bytes;
    }

    void spend(long bytes) {
        left -= bytes;
    }

    boolean isSpent() {
        return left <= 0;
    }
}
