package dev.terraseal.testkit.tsa;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.testkit.log.TestKey;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/** A test key where Bouncy Castle wants a signer: the same bytes get the same signature in every run. */
final class TestContentSigner implements ContentSigner {
    private final TestKey key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    TestContentSigner(TestKey key) {
        this.key = key;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new DefaultSignatureAlgorithmIdentifierFinder()
                .find(key.key().algorithm() == Algorithm.ECDSA_SHA_256 ? "SHA256withECDSA" : "SHA256withRSA");
    }

    @Override
    public OutputStream getOutputStream() {
        return content;
    }

    @Override
    public byte[] getSignature() {
        return key.signOrFail(Bytes.copyOf(content.toByteArray())).toByteArray();
    }
}
