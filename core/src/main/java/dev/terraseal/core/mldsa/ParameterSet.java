package dev.terraseal.core.mldsa;

/** The parameter sets of FIPS 204 table 1 that a log may use. */
public enum ParameterSet {
    ML_DSA_44(4, 4, 39, 78, 80, 32, 17, 88),
    ML_DSA_65(6, 5, 49, 196, 55, 48, 19, 32);

    /** Rows and columns of the matrix: polynomials of a key, and of a signature. */
    final int rows;

    final int columns;
    /** Coefficients ±1 in the challenge. */
    final int weight;
    /** How far a response must stay below {@link #gamma1}. */
    final int beta;
    /** Hints in a signature, at most. */
    final int hintsMax;

    final int challengeBytes;
    /** Bits of a coefficient of the response, which lies in (−gamma1, gamma1]. */
    final int responseBits;

    final int gamma1;
    final int gamma2;

    /** How many high parts there are: {@code (q − 1) / (2 gamma2)}. */
    final int highParts;

    ParameterSet(
            int rows,
            int columns,
            int weight,
            int beta,
            int hintsMax,
            int challengeBytes,
            int gamma1Log,
            int gamma2Divisor) {
        this.rows = rows;
        this.columns = columns;
        this.weight = weight;
        this.beta = beta;
        this.hintsMax = hintsMax;
        this.challengeBytes = challengeBytes;
        this.responseBits = gamma1Log + 1;
        this.gamma1 = 1 << gamma1Log;
        this.gamma2 = (Polynomial.Q - 1) / gamma2Divisor;
        this.highParts = gamma2Divisor / 2;
    }

    /** Length of a raw public key in bytes. */
    public int publicKeyBytes() {
        return 32 + rows * Polynomial.packedBytes(Polynomial.HIGH_BITS);
    }

    /** Length of a signature in bytes. */
    public int signatureBytes() {
        return challengeBytes + columns * Polynomial.packedBytes(responseBits) + hintsMax + rows;
    }

    /** Bits of a high part as the commitment packs it. */
    int highPartBits() {
        return Integer.SIZE - Integer.numberOfLeadingZeros(highParts - 1);
    }
}
