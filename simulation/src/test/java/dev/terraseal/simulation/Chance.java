package dev.terraseal.simulation;

import java.util.SplittableRandom;

/** All the chance there is in a run, from its seed. */
public final class Chance {
    private final SplittableRandom random;

    public Chance(long seed) {
        // Neighbouring seeds begin alike without this.
        random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L);
    }

    /** From 0 to {@code bound} − 1. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** True this often in a thousand. */
    public boolean perMille(int often) {
        return random.nextInt(1_000) < often;
    }

    public <T> T of(java.util.List<T> list) {
        return list.get(below(list.size()));
    }

    public long number() {
        return random.nextLong();
    }
}
