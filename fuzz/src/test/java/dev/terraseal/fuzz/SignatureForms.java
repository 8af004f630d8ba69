package dev.terraseal.fuzz;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.EcdsaSignature;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.mldsa.MlDsaPublicKey;
import dev.terraseal.core.mldsa.ParameterSet;
import dev.terraseal.testkit.log.TestKey;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;

/** Signatures as bytes of somebody else, judged by our code and by Bouncy Castle: both have to say the same. */
final class SignatureForms {
    private static final Bytes MESSAGE = Bytes.utf8("what was signed");
    private static final TestKey CURVE = TestKey.seeded(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256, 1);
    private static final TestKey LATTICE = TestKey.seeded(KeyUse.ATTEST, Algorithm.ML_DSA_44, 1);
    private static final Bytes LATTICE_KEY =
            Algorithm.ML_DSA_44.rawKey(LATTICE.key().spki());
    private static final MlDsaPublicKey OURS = new MlDsaPublicKey(ParameterSet.ML_DSA_44, LATTICE_KEY);
    private static final MLDSAPublicKeyParameters THEIRS =
            new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_44, LATTICE_KEY.toByteArray());

    /** Beyond this the length takes two bytes, which no curve of ours needs. */
    private static final int LONGEST = 3 + 255;

    private SignatureForms() {}

    /** One that is right. */
    static Bytes ecdsa() {
        return CURVE.signOrFail(MESSAGE);
    }

    /** One that is right. */
    static Bytes mlDsa() {
        return LATTICE.signOrFail(MESSAGE);
    }

    static void ecdsa(Bytes input) {
        boolean ours = EcdsaSignature.isDer(input);
        if (ours != isTwoIntegersInDer(input.toByteArray())) {
            throw new AssertionError("form of an ECDSA signature: " + ours + " by us only");
        }
        if (!ours) {
            throw new IllegalArgumentException("not the form");
        }
    }

    static void mlDsa(Bytes input) {
        boolean ours = OURS.verify(MESSAGE, input);
        MLDSASigner signer = new MLDSASigner();
        signer.init(false, THEIRS);
        signer.update(MESSAGE.toByteArray(), 0, MESSAGE.length());
        if (ours != signer.verifySignature(input.toByteArray())) {
            throw new AssertionError("an ML-DSA signature: " + ours + " by us only");
        }
        if (!ours) {
            throw new IllegalArgumentException("not over the message");
        }
    }

    private static boolean isTwoIntegersInDer(byte[] input) {
        try {
            if (input.length > LONGEST
                    || !(ASN1Primitive.fromByteArray(input) instanceof ASN1Sequence two)
                    || two.size() != 2
                    || !(two.getObjectAt(0) instanceof ASN1Integer r)
                    || !(two.getObjectAt(1) instanceof ASN1Integer s)) {
                return false;
            }
            return isPlain(r.getValue()) && isPlain(s.getValue()) && Arrays.equals(input, two.getEncoded("DER"));
        } catch (IOException | IllegalArgumentException | IllegalStateException | ClassCastException malformed) {
            return false;
        }
    }

    private static boolean isPlain(BigInteger value) {
        return value.signum() >= 0;
    }
}
