package dev.terraseal.testkit.log;

import java.security.SecureRandom;
import java.util.Random;

/** Bytes that follow from a seed alone. */
final class SeededRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final Random random;

    SeededRandom(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
    }
}
