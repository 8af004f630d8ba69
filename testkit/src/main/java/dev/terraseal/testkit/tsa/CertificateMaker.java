package dev.terraseal.testkit.tsa;

import dev.terraseal.testkit.log.TestKey;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** Certificates of an authority, the same in every run where the keys are. */
final class CertificateMaker {
    private final Instant from;
    private final Instant until;

    CertificateMaker(Instant from, Instant until) {
        this.from = from;
        this.until = until;
    }

    /** A certificate that may issue others; {@code issuer} is itself for a root. */
    X509CertificateHolder authority(String name, TestKey key, X500Name issuer, TestKey issuerKey, int serial) {
        try {
            return builder(name, key, issuer, serial)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .build(new TestContentSigner(issuerKey));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A certificate that signs tokens, as the flaw wants it. */
    X509CertificateHolder signer(String name, TestKey key, X500Name issuer, TestKey issuerKey, int serial, Flaw flaw) {
        try {
            X509v3CertificateBuilder builder = builder(name, key, issuer, serial)
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            if (flaw == Flaw.USAGE_NOT_CRITICAL) {
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
            } else if (flaw == Flaw.TWO_USAGES) {
                KeyPurposeId[] both = {KeyPurposeId.id_kp_timeStamping, KeyPurposeId.id_kp_emailProtection};
                builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(both));
            } else if (flaw != Flaw.NO_USAGE) {
                builder.addExtension(
                        Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
            }
            return builder.build(new TestContentSigner(issuerKey));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private X509v3CertificateBuilder builder(String name, TestKey key, X500Name issuer, int serial) {
        return new X509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(serial),
                Date.from(from),
                Date.from(until),
                new X500Name("CN=" + name),
                SubjectPublicKeyInfo.getInstance(key.key().spki().toByteArray()));
    }
}
