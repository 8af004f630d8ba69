package dev.terraseal.core.mldsa;

import dev.terraseal.core.bytes.Bytes;

/**
 * A public key of ML-DSA in the pure form of FIPS 204 with an empty context: what RFC 9881, C2SP and AWS KMS use. Its matrix
 * is made once, which is most of the work of one verification. Immutable, safe for concurrent use.
 */
public final class MlDsaPublicKey {
    private static final int SEED_BYTES = 32;
    private static final int HASH_BYTES = 64;

    private final ParameterSet set;
    private final Bytes hash;
    private final Polynomial[][] matrix;
    private final Polynomial[] high;

    /** @throws IllegalArgumentException for another length; every key of the right one is well formed */
    public MlDsaPublicKey(ParameterSet set, Bytes raw) {
        if (raw.length() != set.publicKeyBytes()) {
            throw new IllegalArgumentException(
                    "an " + set + " public key has " + set.publicKeyBytes() + " bytes, not " + raw.length());
        }
        this.set = set;
        this.hash = Bytes.wrap(Shake.of256().absorb(raw).next(HASH_BYTES));
        this.matrix = new Polynomial[set.rows][set.columns];
        this.high = new Polynomial[set.rows];
        Bytes seed = raw.slice(0, SEED_BYTES);
        for (int row = 0; row < set.rows; row++) {
            for (int column = 0; column < set.columns; column++) {
                matrix[row][column] = Polynomial.uniform(seed, column, row);
            }
            int at = SEED_BYTES + row * Polynomial.packedBytes(Polynomial.HIGH_BITS);
            high[row] = Polynomial.unpack(raw, at, Polynomial.HIGH_BITS);
            for (int i = 0; i < Polynomial.N; i++) {
                high[row].coefficients[i] <<= Polynomial.DROPPED_BITS;
            }
            high[row].transform();
        }
    }

    /**
     * The 64 bytes that stand for {@code message} under this key (mu): whoever signs needs no more of it, so a message of any
     * length can be signed where only short ones are taken.
     */
    public Bytes representative(Bytes message) {
        return Bytes.wrap(
                Shake.of256().absorb(hash).absorb(0).absorb(0).absorb(message).next(HASH_BYTES));
    }

    /** Whether {@code signature} is over exactly {@code message}; a signature of the wrong form is false. */
    public boolean verify(Bytes message, Bytes signature) {
        MlDsaSignature parts = MlDsaSignature.parse(signature, set);
        if (parts == null) {
            return false;
        }
        Polynomial challenge =
                Polynomial.challenge(parts.challenge(), set.weight).transform();
        parts.response().forEach(Polynomial::transform);
        Shake commitment = Shake.of256().absorb(representative(message));
        for (int row = 0; row < set.rows; row++) {
            Polynomial w = new Polynomial();
            for (int column = 0; column < set.columns; column++) {
                w.addProduct(matrix[row][column], parts.response().get(column));
            }
            w.subtractProduct(challenge, high[row]).restore();
            absorbHighParts(commitment, w, parts.hints().get(row));
        }
        return parts.challenge().equals(Bytes.wrap(commitment.next(set.challengeBytes)));
    }

    /** UseHint and w1Encode: the high part of each coefficient, packed. */
    private void absorbHighParts(Shake commitment, Polynomial w, boolean[] hints) {
        int bits = set.highPartBits();
        int held = 0;
        int count = 0;
        for (int i = 0; i < Polynomial.N; i++) {
            held |= highPart(w.coefficients[i], hints[i]) << count;
            count += bits;
            while (count >= Byte.SIZE) {
                commitment.absorb(held);
                held >>>= Byte.SIZE;
                count -= Byte.SIZE;
            }
        }
    }

    private int highPart(int value, boolean hint) {
        int width = 2 * set.gamma2;
        int low = value % width;
        if (low > set.gamma2) {
            low -= width;
        }
        boolean wraps = value - low == Polynomial.Q - 1;
        int part = wraps ? 0 : (value - low) / width;
        if (wraps) {
            low--;
        }
        if (!hint) {
            return part;
        }
        return low > 0 ? (part + 1) % set.highParts : (part + set.highParts - 1) % set.highParts;
    }
}
