package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;

/** A private key of ML-DSA, which JDK 17 has not, by Bouncy Castle. Its signatures are deterministic. */
public final class LatticeSecret {
    private final Algorithm algorithm;
    private final MLDSAPrivateKeyParameters key;

    /** @param seed 32 bytes that everything follows from */
    public LatticeSecret(Algorithm algorithm, byte[] seed) {
        this.algorithm = algorithm;
        this.key = new MLDSAPrivateKeyParameters(
                algorithm == Algorithm.ML_DSA_44 ? MLDSAParameters.ml_dsa_44 : MLDSAParameters.ml_dsa_65, seed);
    }

    /** The canonical SPKI of the public half. */
    public Bytes spki() {
        return algorithm.spkiOf(Bytes.wrap(key.getPublicKey()));
    }

    public Bytes sign(Bytes message) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, key);
        signer.update(message.toByteArray(), 0, message.length());
        try {
            return Bytes.wrap(signer.generateSignature());
        } catch (CryptoException broken) {
            throw new IllegalStateException("Bouncy Castle must sign with " + algorithm, broken);
        }
    }

    /** Signs a message that 64 bytes stand for (FIPS 204 algorithm 7, line 6): who has only these cannot tell which it is. */
    public Bytes signRepresentative(Bytes mu) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, key);
        try {
            return Bytes.wrap(signer.generateMuSignature(mu.toByteArray()));
        } catch (CryptoException broken) {
            throw new IllegalStateException("Bouncy Castle must sign with " + algorithm, broken);
        }
    }
}
