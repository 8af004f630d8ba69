package dev.terraseal.core.bytes;

/** The place of an entry in a log or in a stream: dense from 0, below 2^53 so that every JSON reader keeps it exact. */
public record SequenceNumber(long value) implements Comparable<SequenceNumber> {
    public static final SequenceNumber ZERO = new SequenceNumber(0);
    private static final long LIMIT = 1L << 53;

    public SequenceNumber {
        if (value < 0 || value >= LIMIT) {
            throw new IllegalArgumentException("a sequence number lies in 0 .. 2^53 - 1, not " + value);
        }
    }

    /** Reads the 20-digit form of file names; any other length or character is refused. */
    public static SequenceNumber fromPadded(String text) {
        if (text.length() != 20) {
            throw new IllegalArgumentException("a sequence in a name has 20 digits, not " + text.length());
        }
        for (int i = 0; i < 20; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw new IllegalArgumentException("not a digit at character " + i + " of a sequence in a name");
            }
        }
        return new SequenceNumber(Long.parseLong(text));
    }

    public SequenceNumber next() {
        return new SequenceNumber(value + 1);
    }

    /** 20 digits, so that names sort as numbers do. */
    public String padded() {
        String digits = Long.toString(value);
        return "0".repeat(20 - digits.length()) + digits;
    }

    @Override
    public int compareTo(SequenceNumber other) {
        return Long.compare(value, other.value);
    }

    /** By hand, as {@link #hashCode}: the compiler leaves both to their first use, which takes 10 ms. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceNumber that && value == that.value;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
