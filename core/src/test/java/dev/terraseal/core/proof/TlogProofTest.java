package dev.terraseal.core.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlogProofTest {
    private static final SignatureChecker CHECKER = new SignatureChecker(null);
    private static final String TESTDATA_KEY =
            "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
    private static final String SUMDB_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    private static final Digest FIVE = Merkle.leafHash(Bytes.utf8("five"));

    private static Bytes resource(String name) throws IOException {
        try (InputStream in = TlogProofTest.class.getResourceAsStream(name)) {
            return Bytes.wrap(in.readAllBytes());
        }
    }

    @Test
    void theProofOfTheGoChecksumDatabaseVerifies() throws Exception {
        Bytes bytes = resource("go.sum-43930254.tlog-proof");
        TlogProof proof = TlogProof.parse(bytes);
        assertThat(proof.bytes()).isEqualTo(bytes);
        assertThat(proof.path()).hasSize(26);
        TreeHead head =
                proof.verify(Merkle.leafHash(resource("go.sum-43930254.raw")), VerifierKey.parse(SUMDB_KEY), CHECKER);
        assertThat(head.origin()).isEqualTo("go.sum database tree");
        assertThat(head.size()).isEqualTo(58_253_265);
    }

    @Test
    void theProofOfTheTestLogVerifiesAtItsIndexAndAtNoOther() throws Exception {
        Bytes bytes = resource("five.tlog-proof");
        TlogProof proof = TlogProof.parse(bytes);
        VerifierKey key = VerifierKey.parse(TESTDATA_KEY);
        assertThat(proof.verify(FIVE, key, CHECKER).size()).isEqualTo(15);
        for (int index = 0; index < 20; index++) {
            TlogProof moved = new TlogProof(index, proof.path(), proof.checkpoint());
            if (index != 4) {
                assertThatThrownBy(() -> moved.verify(FIVE, key, CHECKER)).isInstanceOf(ProofException.class);
            }
        }
        assertThatThrownBy(() -> proof.verify(Merkle.leafHash(Bytes.utf8("six")), key, CHECKER))
                .isInstanceOf(ProofException.class);
        assertThatThrownBy(() -> proof.verify(FIVE, VerifierKey.parse(SUMDB_KEY), CHECKER))
                .isInstanceOf(NoteException.class);
    }

    @Test
    void everyFlippedBitOfAProofFileIsRefused() throws Exception {
        byte[] bytes = resource("five.tlog-proof").toByteArray();
        VerifierKey key = VerifierKey.parse(TESTDATA_KEY);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> TlogProof.parse(Bytes.wrap(flipped)).verify(FIVE, key, CHECKER))
                    .as("bit %d", bit)
                    .isInstanceOfAny(NoteException.class, ProofException.class);
        }
        for (int length = 0; length < bytes.length; length++) {
            Bytes cut = Bytes.copyOf(bytes, 0, length);
            assertThatThrownBy(() -> TlogProof.parse(cut))
                    .as("cut to %d", length)
                    .isInstanceOf(NoteException.class);
        }
    }

    @Test
    void extraDataIsKeptAndProvesNothing() throws Exception {
        String text = resource("five.tlog-proof").utf8();
        Bytes withExtra = Bytes.utf8(text.replace("@v1\n", "@v1\nextra Y29udGV4dA==\n"));
        TlogProof proof = TlogProof.parse(withExtra);
        assertThat(proof.extra()).isEqualTo(Bytes.utf8("context"));
        assertThat(proof.bytes()).isEqualTo(withExtra);
        assertThat(proof.verify(FIVE, VerifierKey.parse(TESTDATA_KEY), CHECKER).size())
                .isEqualTo(15);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wrong-header\nindex 0\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nextra AAA\nindex 0\n\nNOTE",
                "c2sp.org/tlog-proof@v1\n\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex notanumber\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex -5\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 05\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 0\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 0\n\n\nNOTE",
                "c2sp.org/tlog-proof@v1\r\nindex 0\n\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 0\nNOTE",
                "c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"
            })
    void whatIsNoProofFileIsRefused(String text) throws IOException {
        String all = resource("five.tlog-proof").utf8();
        String note = all.substring(all.indexOf("\n\n") + 2);
        // A blank line too many is read as part of the note; its text is then no checkpoint.
        assertThatThrownBy(() -> {
                    TlogProof proof = TlogProof.parse(Bytes.utf8(text.replace("NOTE", note)));
                    proof.verify(FIVE, VerifierKey.parse(TESTDATA_KEY), CHECKER);
                })
                .isInstanceOf(NoteException.class);
    }

    @Test
    void aPathLongerThanAnyTreeIsRefusedBeforeItIsRead() {
        String hash = Merkle.EMPTY_ROOT.base64() + "\n";
        assertThatThrownBy(
                        () -> TlogProof.parse(Bytes.utf8("c2sp.org/tlog-proof@v1\nindex 0\n" + hash.repeat(64) + "\n")))
                .hasMessageContaining("at most 63 hashes");
    }
}
