package dev.terraseal.export;

import java.util.stream.LongStream;

/** Sequences in ascending order, eight bytes each. */
final class Sequences {
    private final long[] values;

    private Sequences(long[] values) {
        this.values = values;
    }

    /** Takes what {@code values} gives, sorted. */
    static Sequences of(LongStream values) {
        return new Sequences(values.sorted().toArray());
    }

    int size() {
        return values.length;
    }

    long at(int index) {
        return values[index];
    }

    long first() {
        return values[0];
    }

    long last() {
        return values[values.length - 1];
    }
}
