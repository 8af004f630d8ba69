package dev.terraseal.testkit.tsa;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.testkit.log.TestKey;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.jspecify.annotations.Nullable;

/**
 * Root, intermediate and signer of a time-stamping authority that follows from a seed: the same question at the same time
 * gets the same token in every run.
 */
public final class TestAuthority {
    public static final String POLICY = "1.3.6.1.4.1.99999.1";
    public static final String OTHER_POLICY = "1.3.6.1.4.1.99999.2";

    private final String name;
    private final Instant from;
    private final Instant until;
    private final TestKey rootKey;
    private final TestKey middleKey;
    private final TestKey signerKey;
    private final X509CertificateHolder root;
    private final X509CertificateHolder middle;

    private TestAuthority(String name, List<TestKey> keys, Instant from, Instant until) {
        this.name = name;
        this.from = from;
        this.until = until;
        this.rootKey = keys.get(0);
        this.middleKey = keys.get(1);
        this.signerKey = keys.get(2);
        CertificateMaker maker = new CertificateMaker(from, until);
        X500Name rootName = new X500Name("CN=" + name + " root");
        this.root = maker.authority(name + " root", rootKey, rootName, rootKey, 1);
        this.middle = maker.authority(name + " issuer", middleKey, rootName, rootKey, 2);
    }

    /** An authority whose certificates are valid from 2026 to 2036. */
    public static TestAuthority seeded(String name, long seed) {
        return valid(name, seed, Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2036-01-01T00:00:00Z"));
    }

    public static TestAuthority valid(String name, long seed, Instant from, Instant until) {
        return new TestAuthority(name, List.of(key(seed + 1), key(seed + 2), key(seed + 3)), from, until);
    }

    /** One with RSA, and one key for all, because making them takes long. */
    public static TestAuthority rsa(String name, long seed) {
        TestKey key = TestKey.seeded(KeyUse.WITNESS, Algorithm.RSASSA_PKCS1_V1_5_SHA_256, seed);
        return new TestAuthority(
                name,
                List.of(key, key, key),
                Instant.parse("2026-01-01T00:00:00Z"),
                Instant.parse("2036-01-01T00:00:00Z"));
    }

    private static TestKey key(long seed) {
        return TestKey.seeded(KeyUse.WITNESS, Algorithm.ECDSA_SHA_256, 90_000 + seed);
    }

    /** The root as a trust file names it. */
    public String rootPem() {
        try {
            String body = Bytes.wrap(root.getEncoded()).base64().replaceAll("(.{64})(?=.)", "$1\n");
            return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A response over {@code data} at {@code time}. */
    public Bytes stamp(Bytes data, Instant time) {
        return stamp(data, time, Flaw.NONE);
    }

    public Bytes stamp(Bytes data, Instant time, Flaw flaw) {
        return answer(Digest.of(data), null, time, flaw);
    }

    /** A response to a question for {@code imprint}, or one with a flaw. */
    public Bytes answer(Digest imprint, @Nullable BigInteger nonce, Instant time, Flaw flaw) {
        if (flaw == Flaw.REFUSED) {
            return TokenMaker.refusal();
        }
        boolean odd = flaw == Flaw.ISSUED_BY_NO_AUTHORITY;
        TestKey oddKey = key(77);
        CertificateMaker maker = maker(time, flaw);
        // A plain signer's certificate, used as if it were an issuer's.
        X509CertificateHolder issuer =
                odd ? maker.signer(name + " odd", oddKey, middle.getSubject(), middleKey, 9, Flaw.NO_USAGE) : middle;
        X509CertificateHolder signer =
                maker.signer(name + " signer", signerKey, issuer.getSubject(), odd ? oddKey : middleKey, 3, flaw);
        List<X509CertificateHolder> chain = odd ? List.of(signer, issuer, middle) : List.of(signer, middle);
        return new TokenMaker(signer, flaw == Flaw.OTHER_KEY ? oddKey : signerKey)
                .response(chain, imprint, nonce, time, flaw);
    }

    private CertificateMaker maker(Instant time, Flaw flaw) {
        return switch (flaw) {
            case EXPIRED -> new CertificateMaker(from, time.minusSeconds(3600));
            case NOT_YET_VALID -> new CertificateMaker(time.plusSeconds(3600), until);
            default -> new CertificateMaker(from, until);
        };
    }
}
