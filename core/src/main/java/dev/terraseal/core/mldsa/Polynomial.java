package dev.terraseal.core.mldsa;

import dev.terraseal.core.bytes.Bytes;

/**
 * A polynomial of degree below 256 over the integers modulo q = 8,380,417, as its coefficients or transformed (NTT, FIPS 204
 * section 7.5). Coefficients are kept in [0, q). Mutable, for one thread.
 */
final class Polynomial {
    static final int N = 256;
    static final int Q = 8_380_417;
    /** Low bits that a public key drops (d). */
    static final int DROPPED_BITS = 13;
    /** Bits of a coefficient in a public key. */
    static final int HIGH_BITS = 23 - DROPPED_BITS;

    private static final int ROOT = 1753;
    /** 256⁻¹ modulo q. */
    private static final long SCALE = 8_347_681;

    private static final int[] ROOTS = roots();

    final int[] coefficients = new int[N];

    static int packedBytes(int bits) {
        return N * bits / Byte.SIZE;
    }

    /** Powers of the 512th root of unity in the order in which the transform takes them: bits reversed. */
    private static int[] roots() {
        int[] out = new int[N];
        long power = 1;
        for (int i = 0; i < N; i++) {
            out[Integer.reverse(i) >>> (Integer.SIZE - Byte.SIZE)] = (int) power;
            power = power * ROOT % Q;
        }
        return out;
    }

    /** Reads coefficients of {@code bits} bits each, least significant first (SimpleBitUnpack, values not yet reduced). */
    static Polynomial unpack(Bytes bytes, int from, int bits) {
        Polynomial out = new Polynomial();
        long held = 0;
        int count = 0;
        int at = from;
        for (int i = 0; i < N; i++) {
            while (count < bits) {
                held |= (bytes.at(at) & 0xffL) << count;
                count += Byte.SIZE;
                at++;
            }
            out.coefficients[i] = (int) held & ((1 << bits) - 1);
            held >>>= bits;
            count -= bits;
        }
        return out;
    }

    /** A transformed polynomial from a seed, each coefficient uniform below q (RejNTTPoly). */
    static Polynomial uniform(Bytes seed, int column, int row) {
        Shake shake = Shake.of128().absorb(seed).absorb(column).absorb(row);
        Polynomial out = new Polynomial();
        for (int i = 0; i < N; ) {
            int candidate = shake.next() | shake.next() << 8 | (shake.next() & 0x7f) << 16;
            if (candidate < Q) {
                out.coefficients[i] = candidate;
                i++;
            }
        }
        return out;
    }

    /** The challenge a commitment hash stands for: {@code weight} coefficients ±1, the others 0 (SampleInBall). */
    static Polynomial challenge(Bytes hash, int weight) {
        Shake shake = Shake.of256().absorb(hash);
        long signs = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            signs |= (long) shake.next() << (Byte.SIZE * i);
        }
        Polynomial out = new Polynomial();
        for (int i = N - weight; i < N; i++) {
            int place = shake.next();
            while (place > i) {
                place = shake.next();
            }
            out.coefficients[i] = out.coefficients[place];
            out.coefficients[place] = (signs & 1) == 0 ? 1 : Q - 1;
            signs >>>= 1;
        }
        return out;
    }

    /** In place, to the transformed form (algorithm 41). */
    Polynomial transform() {
        int[] w = coefficients;
        int root = 0;
        for (int length = N / 2; length >= 1; length >>= 1) {
            for (int start = 0; start < N; start += 2 * length) {
                root++;
                long zeta = ROOTS[root];
                for (int j = start; j < start + length; j++) {
                    int t = (int) (zeta * w[j + length] % Q);
                    w[j + length] = subtract(w[j], t);
                    w[j] = add(w[j], t);
                }
            }
        }
        return this;
    }

    /** In place, back from the transformed form (algorithm 42). */
    Polynomial restore() {
        int[] w = coefficients;
        int root = N;
        for (int length = 1; length < N; length <<= 1) {
            for (int start = 0; start < N; start += 2 * length) {
                root--;
                long zeta = (long) Q - ROOTS[root];
                for (int j = start; j < start + length; j++) {
                    int t = w[j];
                    w[j] = add(t, w[j + length]);
                    w[j + length] = (int) (zeta * subtract(t, w[j + length]) % Q);
                }
            }
        }
        for (int j = 0; j < N; j++) {
            w[j] = (int) (SCALE * w[j] % Q);
        }
        return this;
    }

    /** In place: this + {@code a} · {@code b}, all three transformed. */
    Polynomial addProduct(Polynomial a, Polynomial b) {
        for (int i = 0; i < N; i++) {
            coefficients[i] = (int) ((coefficients[i] + (long) a.coefficients[i] * b.coefficients[i]) % Q);
        }
        return this;
    }

    /** In place: this − {@code a} · {@code b}, all three transformed. */
    Polynomial subtractProduct(Polynomial a, Polynomial b) {
        for (int i = 0; i < N; i++) {
            int product = (int) ((long) a.coefficients[i] * b.coefficients[i] % Q);
            coefficients[i] = subtract(coefficients[i], product);
        }
        return this;
    }

    private static int add(int a, int b) {
        int sum = a + b;
        return sum >= Q ? sum - Q : sum;
    }

    private static int subtract(int a, int b) {
        int difference = a - b;
        return difference < 0 ? difference + Q : difference;
    }
}
