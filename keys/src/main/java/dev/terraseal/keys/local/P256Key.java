package dev.terraseal.keys.local;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/** ECDSA on P-256, in the way {@link P256Signing} says. */
final class P256Key implements SoftKey {
    // The custom curve has its own field arithmetic; the generic one costs a factor of four.
    private static final X9ECParameters CURVE = CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1);
    private static final ECNamedDomainParameters DOMAIN =
            new ECNamedDomainParameters(SECObjectIdentifiers.secp256r1, CURVE);

    private final ECPrivateKeyParameters key;
    private final Bytes spki;
    private final Bytes pkcs8;
    private final P256Signing signing;

    private P256Key(BigInteger d) {
        this.key = new ECPrivateKeyParameters(d, DOMAIN);
        ECPublicKeyParameters publicKey =
                new ECPublicKeyParameters(DOMAIN.getG().multiply(d).normalize(), DOMAIN);
        try {
            this.spki = Bytes.wrap(SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicKey)
                    .getEncoded());
            this.pkcs8 =
                    Bytes.wrap(PrivateKeyInfoFactory.createPrivateKeyInfo(key).getEncoded());
        } catch (IOException impossible) {
            throw new IllegalStateException("a P-256 key must have a DER form", impossible);
        }
        this.signing = P256Signing.fastest(key, pkcs8);
    }

    static P256Key generate(SecureRandom random) {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(DOMAIN, random));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        return new P256Key(((ECPrivateKeyParameters) pair.getPrivate()).getD());
    }

    static P256Key parse(PrivateKeyInfo info) throws IOException {
        ECPrivateKeyParameters read = (ECPrivateKeyParameters) PrivateKeyFactory.createKey(info);
        if (!read.getParameters().getCurve().equals(CURVE.getCurve())
                || !read.getParameters().getG().equals(CURVE.getG())) {
            throw new IllegalArgumentException("an elliptic curve key that is not on P-256");
        }
        return new P256Key(read.getD());
    }

    @Override
    public List<Algorithm> algorithms() {
        return List.of(Algorithm.ECDSA_SHA_256);
    }

    @Override
    public Bytes spki() {
        return spki;
    }

    @Override
    public Bytes pkcs8() {
        return pkcs8;
    }

    @Override
    public Bytes sign(Algorithm algorithm, Bytes message) {
        return signing.sign(message);
    }

    /** With which one message has one signature: for tests against published answers. */
    P256Signing deterministic() {
        return new P256Signing.Deterministic(key);
    }
}
