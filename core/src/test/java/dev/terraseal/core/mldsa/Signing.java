package dev.terraseal.core.mldsa;

import dev.terraseal.core.bytes.Bytes;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;

/** A private key of Bouncy Castle, whose signatures are deterministic: the other implementation. */
record Signing(ParameterSet set, MLDSAPrivateKeyParameters key) {
    static Signing ofSeed(ParameterSet set, byte[] seed) {
        MLDSAParameters parameters =
                set == ParameterSet.ML_DSA_44 ? MLDSAParameters.ml_dsa_44 : MLDSAParameters.ml_dsa_65;
        return new Signing(set, new MLDSAPrivateKeyParameters(parameters, seed));
    }

    Bytes publicBytes() {
        return Bytes.copyOf(key.getPublicKey());
    }

    MlDsaPublicKey publicKey() {
        return new MlDsaPublicKey(set, publicBytes());
    }

    private MLDSASigner signer(boolean signs, Bytes message) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(signs, signs ? key : key.getPublicKeyParameters());
        signer.update(message.toByteArray(), 0, message.length());
        return signer;
    }

    Bytes sign(Bytes message) {
        try {
            return Bytes.wrap(signer(true, message).generateSignature());
        } catch (CryptoException broken) {
            throw new AssertionError(broken);
        }
    }

    Bytes representative(Bytes message) {
        try {
            return Bytes.wrap(signer(true, message).generateMu());
        } catch (CryptoException broken) {
            throw new AssertionError(broken);
        }
    }

    boolean verify(Bytes message, Bytes signature) {
        return signer(false, message).verifySignature(signature.toByteArray());
    }
}
