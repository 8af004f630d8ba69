package dev.terraseal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.NoteKeyType;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SignatureChecker;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.jcajce.spec.MLDSAParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

/** Cosignatures of type 0x06 that Bouncy Castle made. */
class MlDsaCosignatureTest {
    private static final String NAME = "w.example";
    private static final String ORIGIN = "log.example/test";
    private static final Digest ROOT = Digest.of(Bytes.utf8("root"));

    private final Provider provider = new BouncyCastleProvider();
    private final SignatureChecker checker = new SignatureChecker(algorithm -> provider);

    private static Bytes big(long number) {
        return Bytes.wrap(ByteBuffer.allocate(8).putLong(number).array());
    }

    /** The message as C2SP tlog-cosignature lays it out, written by hand. */
    private static Bytes message(long time, long size) {
        return Bytes.concat(
                Bytes.utf8("subtree/v1\n\0\u0009" + NAME),
                big(time),
                Bytes.utf8("\u0010" + ORIGIN),
                big(0),
                big(size),
                ROOT.bytes());
    }

    @Test
    void aTreeCosignatureVerifiesForItsTimeSizeAndRootOnly() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("ML-DSA", provider);
        generator.initialize(MLDSAParameterSpec.ml_dsa_44);
        KeyPair pair = generator.generateKeyPair();
        Bytes spki = Bytes.wrap(pair.getPublic().getEncoded());
        VerifierKey key = new VerifierKey(
                NAME, NoteKeyType.COSIGNATURE_ML_DSA_44, spki.slice(spki.length() - 1312, spki.length()));
        Signature signer = Signature.getInstance("ML-DSA", provider);
        signer.initSign(pair.getPrivate());
        signer.update(message(1_790_000_000, 258).toByteArray());
        Bytes signature = Bytes.wrap(signer.sign());

        assertThat(note(258, 1_790_000_000, key, signature).verify(List.of(key), checker))
                .singleElement()
                .satisfies(line -> assertThat(line.seenAt()).isEqualTo(Instant.ofEpochSecond(1_790_000_000)));
        assertThatThrownBy(() -> note(259, 1_790_000_000, key, signature).verify(List.of(key), checker))
                .isInstanceOf(NoteException.class);
        assertThatThrownBy(() -> note(258, 1_790_000_001, key, signature).verify(List.of(key), checker))
                .isInstanceOf(NoteException.class);
    }

    private static SignedNote note(long size, long time, VerifierKey key, Bytes signature) {
        return new SignedNote(
                ORIGIN + "\n" + size + "\n" + ROOT.base64() + "\n",
                List.of(new SignatureLine(NAME, key.keyId(), Bytes.concat(big(time), signature))));
    }
}
