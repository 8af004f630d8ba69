package dev.terraseal.core.bytes;

/**
 * Whose history an entry belongs to, normally the Terraform workspace ({@code acme/infra/prod}). At most 256 bytes; no
 * segment is {@code .} or {@code ..}; a leading {@code _} is reserved for the log itself.
 */
public record StreamId(String value) implements Comparable<StreamId> {
    /** The log's own statements about all streams: heads entries. */
    public static final StreamId LOG = new StreamId("_log");
    /** Key events. */
    public static final StreamId KEYS = new StreamId("_keys");

    public StreamId {
        if (!hasForm(value)) {
            throw new IllegalArgumentException(
                    "'" + Excerpt.of(value, 80)
                            + "' is no stream: write segments of letters, digits, '.', '_' and '-' separated by '/', none of them '.' or '..', at most 256 bytes (example: acme/infra/prod)");
        }
    }

    /** {@code [A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*} by hand: the sequencer asks it for every event, and a pattern costs 500 ns. */
    private static boolean hasForm(String value) {
        int length = value.length();
        if (length > 256) {
            return false;
        }
        int segment = 0;
        for (int i = 0; i <= length; i++) {
            char c = i < length ? value.charAt(i) : '/';
            if (c == '/') {
                if (i == segment || isDots(value, segment, i)) {
                    return false;
                }
                segment = i + 1;
            } else if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isDots(String value, int from, int to) {
        return value.charAt(from) == '.' && (to - from == 1 || to - from == 2 && value.charAt(from + 1) == '.');
    }

    static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z';
    }

    public boolean isReserved() {
        return value.charAt(0) == '_';
    }

    /** By UTF-8 bytes, which for this alphabet is the order of characters. */
    @Override
    public int compareTo(StreamId other) {
        return value.compareTo(other.value);
    }

    /** By hand, as {@link #hashCode}: the compiler leaves both to their first use, which takes 10 ms. */
    @Override
    public boolean equals(Object other) {
        return other instanceof StreamId that && value.equals(that.value);
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
