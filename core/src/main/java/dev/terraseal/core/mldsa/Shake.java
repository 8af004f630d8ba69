package dev.terraseal.core.mldsa;

import dev.terraseal.core.bytes.Bytes;

/** SHAKE128 and SHAKE256 (FIPS 202): first all that is absorbed, then as many bytes as are wanted. One thread. */
final class Shake {
    private static final int ROUNDS = 24;
    private static final int PADDING = 0x1f;

    /** Where the lane at each place goes, along the one cycle that rho and pi make of 24 lanes. */
    private static final int[] LANES = {
        10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1
    };

    private static final int[] ROTATIONS = {
        1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44
    };

    private static final long[] CONSTANTS = constants();

    private final long[] state = new long[25];
    private final int rate;
    private int at;
    private boolean squeezing;

    private Shake(int rate) {
        this.rate = rate;
    }

    static Shake of128() {
        return new Shake(168);
    }

    static Shake of256() {
        return new Shake(136);
    }

    /** Iota's constants by the shift register of FIPS 202 section 3.2.5. */
    private static long[] constants() {
        long[] out = new long[ROUNDS];
        int register = 1;
        for (int round = 0; round < ROUNDS; round++) {
            for (int j = 0; j <= 6; j++) {
                if ((register & 1) != 0) {
                    out[round] |= 1L << ((1 << j) - 1);
                }
                register = (register << 1) ^ ((register >> 7) * 0x171);
            }
        }
        return out;
    }

    Shake absorb(byte[] bytes) {
        for (byte each : bytes) {
            absorb(each);
        }
        return this;
    }

    Shake absorb(Bytes bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            absorb(bytes.at(i));
        }
        return this;
    }

    Shake absorb(int octet) {
        xor(octet & 0xff);
        at++;
        if (at == rate) {
            permute();
            at = 0;
        }
        return this;
    }

    private void xor(int octet) {
        state[at >> 3] ^= (long) octet << (8 * (at & 7));
    }

    /** The next byte of the output, 0 to 255. Nothing can be absorbed after it. */
    int next() {
        if (!squeezing) {
            xor(PADDING);
            at = rate - 1;
            xor(0x80);
            squeezing = true;
            at = rate;
        }
        if (at == rate) {
            permute();
            at = 0;
        }
        int octet = (int) (state[at >> 3] >>> (8 * (at & 7))) & 0xff;
        at++;
        return octet;
    }

    byte[] next(int count) {
        byte[] out = new byte[count];
        for (int i = 0; i < count; i++) {
            out[i] = (byte) next();
        }
        return out;
    }

    /** Keccak-f[1600]. */
    private void permute() {
        long[] a = state;
        long[] column = new long[5];
        for (int round = 0; round < ROUNDS; round++) {
            for (int x = 0; x < 5; x++) {
                column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
            }
            for (int x = 0; x < 5; x++) {
                long parity = column[(x + 4) % 5] ^ Long.rotateLeft(column[(x + 1) % 5], 1);
                for (int y = 0; y < 25; y += 5) {
                    a[x + y] ^= parity;
                }
            }
            long moving = a[1];
            for (int i = 0; i < 24; i++) {
                long displaced = a[LANES[i]];
                a[LANES[i]] = Long.rotateLeft(moving, ROTATIONS[i]);
                moving = displaced;
            }
            for (int y = 0; y < 25; y += 5) {
                System.arraycopy(a, y, column, 0, 5);
                for (int x = 0; x < 5; x++) {
                    a[x + y] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]);
                }
            }
            a[0] ^= CONSTANTS[round];
        }
    }
}
