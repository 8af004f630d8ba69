package dev.terraseal.simulation;

/**
 * The process is gone, in the middle of what it did. An {@link Error} without a stack, so that no handler of failures takes
 * it for one of its own; whatever the process still does on its way out ({@code finally}, {@code close}) has no effect.
 */
public final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    public Crash(String where) {
        super(where, null, false, false);
    }
}
