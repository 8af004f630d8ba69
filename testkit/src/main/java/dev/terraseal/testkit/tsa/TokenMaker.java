package dev.terraseal.testkit.tsa;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.testkit.log.TestKey;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cmp.PKIStatusInfo;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.tsp.MessageImprint;
import org.bouncycastle.asn1.tsp.TSTInfo;
import org.bouncycastle.asn1.tsp.TimeStampResp;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.util.CollectionStore;
import org.jspecify.annotations.Nullable;

/** Tokens put together by Bouncy Castle's CMS, which checks nothing, so that wrong ones can be made too. */
final class TokenMaker {
    private final X509CertificateHolder signer;
    private final TestKey key;

    TokenMaker(X509CertificateHolder signer, TestKey key) {
        this.signer = signer;
        this.key = key;
    }

    static Bytes refusal() {
        return der(new TimeStampResp(new PKIStatusInfo(PKIStatus.rejection), null));
    }

    Bytes response(
            List<X509CertificateHolder> chain, Digest imprint, @Nullable BigInteger nonce, Instant time, Flaw flaw) {
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            byte[] info = info(imprint, nonce, time, flaw);
            generator.addSignerInfoGenerator(signerInfo(info, flaw));
            if (flaw == Flaw.TWO_SIGNERS) {
                generator.addSignerInfoGenerator(signerInfo(info, flaw));
            }
            if (flaw == Flaw.BROKEN_CHAIN) {
                generator.addCertificates(new CollectionStore<>(chain.subList(0, 1)));
            } else if (flaw != Flaw.NO_CERTIFICATES) {
                generator.addCertificates(new CollectionStore<>(chain));
            }
            ContentInfo token = generator
                    .generate(new CMSProcessableByteArray(PKCSObjectIdentifiers.id_ct_TSTInfo, info), true)
                    .toASN1Structure();
            return der(new TimeStampResp(new PKIStatusInfo(PKIStatus.granted), token));
        } catch (CMSException | OperatorCreationException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static byte[] info(Digest imprint, @Nullable BigInteger nonce, Instant time, Flaw flaw) {
        Digest hash = flaw == Flaw.OTHER_IMPRINT ? Digest.of(Bytes.utf8("other")) : imprint;
        BigInteger number = nonce != null && flaw == Flaw.OTHER_NONCE ? nonce.add(BigInteger.ONE) : nonce;
        String policy = flaw == Flaw.OTHER_POLICY ? TestAuthority.OTHER_POLICY : TestAuthority.POLICY;
        return der(new TSTInfo(
                        new ASN1ObjectIdentifier(policy),
                        new MessageImprint(
                                new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256), hash.toByteArray()),
                        new ASN1Integer(time.getEpochSecond()),
                        new ASN1GeneralizedTime(time(time)),
                        null,
                        null,
                        number == null ? null : new ASN1Integer(number),
                        null,
                        null))
                .toByteArray();
    }

    /** With a fraction only where there is one, and without its last zeros. */
    private static String time(Instant time) {
        String seconds = time.truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[-T:Z]", "");
        long millis = Math.floorMod(time.toEpochMilli(), 1000L);
        String fraction = String.format("%03d", millis).replaceAll("0+$", "");
        return seconds + (fraction.isEmpty() ? "" : "." + fraction) + "Z";
    }

    private SignerInfoGenerator signerInfo(byte[] info, Flaw flaw) throws OperatorCreationException {
        byte[] content = flaw == Flaw.OTHER_CONTENT ? new byte[] {1} : info;
        SignerInfoGeneratorBuilder builder = new SignerInfoGeneratorBuilder(new BcDigestCalculatorProvider());
        builder.setSignedAttributeGenerator(ignored -> attributes(content, flaw));
        return builder.build(new TestContentSigner(key), signer);
    }

    private AttributeTable attributes(byte[] content, Flaw flaw) {
        byte[] named = flaw == Flaw.OTHER_CERTIFICATE
                ? new byte[32]
                : Digest.of(der(signer.toASN1Structure())).toByteArray();
        ASN1EncodableVector all = new ASN1EncodableVector();
        all.add(attribute(CMSAttributes.contentType, PKCSObjectIdentifiers.id_ct_TSTInfo));
        all.add(attribute(
                CMSAttributes.messageDigest,
                new DEROctetString(Digest.of(Bytes.copyOf(content)).toByteArray())));
        all.add(attribute(
                PKCSObjectIdentifiers.id_aa_signingCertificateV2, new SigningCertificateV2(new ESSCertIDv2(named))));
        return new AttributeTable(all);
    }

    private static Attribute attribute(ASN1ObjectIdentifier type, ASN1Encodable value) {
        return new Attribute(type, new DERSet(value));
    }

    private static Bytes der(ASN1Object object) {
        try {
            return Bytes.wrap(object.getEncoded(ASN1Encoding.DER));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
