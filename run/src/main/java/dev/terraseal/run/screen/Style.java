package dev.terraseal.run.screen;

/**
 * Terraform's colours. It writes them wherever {@code -no-color} is absent, on a terminal or not, and each coloured
 * piece ends in one reset more than it needs; a transcript compared byte for byte needs the same.
 */
public record Style(boolean colour) {
    static final String RESET = "\u001b[0m";

    String code(String number) {
        return colour ? "\u001b[" + number + "m" : "";
    }

    String bold() {
        return code("1");
    }

    String reset() {
        return code("0");
    }

    /** A line of progress: the whole message bold. */
    String progress(String message, boolean starting) {
        return reset() + bold() + message + reset() + (starting ? reset() : "");
    }

    /** A line of success after an empty one. */
    String success(String message) {
        return reset() + bold() + code("32") + "\n" + message + "\n" + reset();
    }
}
