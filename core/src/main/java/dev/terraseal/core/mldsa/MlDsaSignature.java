package dev.terraseal.core.mldsa;

import dev.terraseal.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A signature taken apart (FIPS 204 algorithm 27), as far as its form alone can be judged.
 *
 * @param challenge the hash of the commitment
 * @param response its coefficients below {@code gamma1 − beta} in absolute value
 * @param hints for each row which of the 256 high parts are off by one
 */
record MlDsaSignature(Bytes challenge, List<Polynomial> response, List<boolean[]> hints) {
    MlDsaSignature {
        response = List.copyOf(response);
        hints = List.copyOf(hints);
    }

    /** Null for what no signer writes: another length, a response too long, hints in another than their one encoding. */
    static @Nullable MlDsaSignature parse(Bytes signature, ParameterSet set) {
        if (signature.length() != set.signatureBytes()) {
            return null;
        }
        List<Polynomial> response = new ArrayList<>();
        int at = set.challengeBytes;
        for (int i = 0; i < set.columns; i++) {
            Polynomial part = Polynomial.unpack(signature, at, set.responseBits);
            if (!center(part, set)) {
                return null;
            }
            response.add(part);
            at += Polynomial.packedBytes(set.responseBits);
        }
        List<boolean[]> hints = hints(signature, at, set);
        return hints == null ? null : new MlDsaSignature(signature.slice(0, set.challengeBytes), response, hints);
    }

    /** In place from {@code gamma1 − z} to z modulo q; false if it is too long for a response. */
    private static boolean center(Polynomial part, ParameterSet set) {
        for (int i = 0; i < Polynomial.N; i++) {
            int value = set.gamma1 - part.coefficients[i];
            if (Math.abs(value) >= set.gamma1 - set.beta) {
                return false;
            }
            part.coefficients[i] = value < 0 ? value + Polynomial.Q : value;
        }
        return true;
    }

    /** HintBitUnpack: ascending places row by row, zeros behind them, then where each row ends. */
    private static @Nullable List<boolean[]> hints(Bytes signature, int from, ParameterSet set) {
        List<boolean[]> out = new ArrayList<>();
        int at = 0;
        for (int row = 0; row < set.rows; row++) {
            int end = signature.at(from + set.hintsMax + row) & 0xff;
            if (end < at || end > set.hintsMax) {
                return null;
            }
            boolean[] off = new boolean[Polynomial.N];
            int last = -1;
            while (at < end) {
                int place = signature.at(from + at) & 0xff;
                if (place <= last) {
                    return null;
                }
                off[place] = true;
                last = place;
                at++;
            }
            out.add(off);
        }
        while (at < set.hintsMax) {
            if (signature.at(from + at) != 0) {
                return null;
            }
            at++;
        }
        return out;
    }
}
