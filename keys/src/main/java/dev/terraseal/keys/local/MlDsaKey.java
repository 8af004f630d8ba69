package dev.terraseal.keys.local;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;

/**
 * ML-DSA (FIPS 204, pure, empty context) by Bouncy Castle. Signatures are deterministic: what is signed again after a crash
 * is the same bytes.
 */
final class MlDsaKey implements SoftKey {
    private static final int SEED_BYTES = 32;

    private final Algorithm algorithm;
    private final MLDSAPrivateKeyParameters key;

    private MlDsaKey(Algorithm algorithm, MLDSAPrivateKeyParameters key) {
        this.algorithm = algorithm;
        this.key = key;
    }

    static MlDsaKey generate(Algorithm algorithm, SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new MlDsaKey(
                algorithm,
                new MLDSAPrivateKeyParameters(
                        algorithm == Algorithm.ML_DSA_44 ? MLDSAParameters.ml_dsa_44 : MLDSAParameters.ml_dsa_65,
                        seed));
    }

    static boolean isOid(ASN1ObjectIdentifier oid) {
        return oid.equals(NISTObjectIdentifiers.id_ml_dsa_44) || oid.equals(NISTObjectIdentifiers.id_ml_dsa_65);
    }

    /** Reads each of the three forms of RFC 9881: the seed, the expanded key, or both, which then have to agree. */
    static MlDsaKey parse(PrivateKeyInfo info) throws IOException {
        boolean smaller = info.getPrivateKeyAlgorithm().getAlgorithm().equals(NISTObjectIdentifiers.id_ml_dsa_44);
        return new MlDsaKey(smaller ? Algorithm.ML_DSA_44 : Algorithm.ML_DSA_65, (MLDSAPrivateKeyParameters)
                PrivateKeyFactory.createKey(info));
    }

    @Override
    public List<Algorithm> algorithms() {
        return List.of(algorithm);
    }

    @Override
    public Bytes spki() {
        return algorithm.spkiOf(Bytes.wrap(key.getPublicKey()));
    }

    /** The seed alone, from which all else follows; the expanded key where that is all that was given. */
    @Override
    public Bytes pkcs8() {
        int form = key.getSeed() == null ? MLDSAPrivateKeyParameters.EXPANDED_KEY : MLDSAPrivateKeyParameters.SEED_ONLY;
        try {
            return Bytes.wrap(PrivateKeyInfoFactory.createPrivateKeyInfo(key.getParametersWithFormat(form))
                    .getEncoded());
        } catch (IOException impossible) {
            throw new IllegalStateException("an ML-DSA private key must have a PKCS#8 form", impossible);
        }
    }

    @Override
    public Bytes sign(Algorithm wanted, Bytes message) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, key);
        signer.update(message.toByteArray(), 0, message.length());
        try {
            return Bytes.wrap(signer.generateSignature());
        } catch (CryptoException impossible) {
            throw new IllegalStateException("a deterministic ML-DSA signature must be possible", impossible);
        }
    }
}
