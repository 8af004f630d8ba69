package dev.terraseal.core.bytes;

/**
 * The name of a log, for ever: a schema-less URL, the first line of its checkpoints (C2SP tlog-checkpoint) and the key
 * name of its signature line. At most 255 bytes, because a tree cosignature keeps its length in one byte.
 */
public record LogOrigin(String value) {
    public LogOrigin {
        if (!hasForm(value)) {
            throw new IllegalArgumentException(
                    "'" + value
                            + "' is no log origin: write lower-case letters, digits, dots and dashes, segments separated by '/', at most 255 bytes (example: logs.example.com/prod)");
        }
    }

    /** {@code [a-z0-9.-]+(/[a-z0-9._-]+)*} by hand: it is asked for every statement, and a pattern costs 500 ns. */
    private static boolean hasForm(String value) {
        int length = value.length();
        if (length > 255) {
            return false;
        }
        int segment = 0;
        for (int i = 0; i <= length; i++) {
            char c = i < length ? value.charAt(i) : '/';
            if (c == '/') {
                if (i == segment) {
                    return false;
                }
                segment = i + 1;
            } else if (!isPlain(c) && (c != '_' || segment == 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-';
    }

    /** By hand, as {@link #hashCode}: the compiler leaves both to their first use, which takes 10 ms. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LogOrigin that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
