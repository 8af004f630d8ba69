package dev.terraseal.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {
    private static final SignatureChecker CHECKER = new SignatureChecker(null);
    private static final String EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    private static final String EXAMPLE = "This is an example message.\n\n\u2014 example.com/foo "
            + "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    private static final String REKOR_KEY =
            "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQ"
                    + "XBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";
    private static final String PIXEL_KEY =
            "pixel6_transparency_log+91c16e30+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABN+4x0Jk1y"
                    + "TwvLFI9A4NDdGZcX0aiWVdWM5XJVy0M4VWD3AvyW5Q6Hs9A0mcDkpUoYgn+KKPNzFC0H3nN3q6JQ8=";
    private static final String WITNESS_KEY =
            "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN";

    static Bytes resource(String name) throws IOException {
        try (InputStream in = SignedNoteTest.class.getResourceAsStream(name)) {
            return Bytes.wrap(in.readAllBytes());
        }
    }

    @Test
    void theExampleOfTheSpecificationVerifies() throws Exception {
        SignedNote note = SignedNote.parse(Bytes.utf8(EXAMPLE));
        assertThat(note.bytes()).isEqualTo(Bytes.utf8(EXAMPLE));
        assertThat(note.verify(List.of(VerifierKey.parse(EXAMPLE_KEY)), CHECKER))
                .hasSize(1);
    }

    @Test
    void notesOfOtherLogsVerifyUnderTheirEcdsaKeys() throws Exception {
        for (List<String> vector : List.of(List.of("rekor.note", REKOR_KEY), List.of("pixel.note", PIXEL_KEY))) {
            SignedNote note = SignedNote.parse(resource(vector.get(0)));
            VerifierKey key = VerifierKey.parse(vector.get(1));
            assertThat(key.type()).isEqualTo(NoteKeyType.ECDSA);
            assertThat(key.text()).isEqualTo(vector.get(1));
            assertThat(note.verify(List.of(key), CHECKER)).hasSize(1);
            SignedNote other = new SignedNote(note.text().replace('0', '1'), note.lines());
            assertThatThrownBy(() -> other.verify(List.of(key), CHECKER)).hasMessageContaining("does not verify");
        }
    }

    @Test
    void aWitnessesCosignatureVerifiesWithItsTimeAndTheUnknownLineIsIgnored() throws Exception {
        SignedNote note = SignedNote.parse(resource("witnessed.note"));
        List<VerifiedLine> lines = note.verify(List.of(VerifierKey.parse(WITNESS_KEY)), CHECKER);
        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(line.line().name()).isEqualTo("witness.example.org");
            assertThat(line.seenAt()).isEqualTo(Instant.parse("2025-12-31T00:00:00Z"));
        });
        assertThat(TreeHead.parse(note.text()).size()).isEqualTo(300);
    }

    @Test
    void aCosignatureWithAnotherTimeIsRefused() throws Exception {
        SignedNote note = SignedNote.parse(resource("witnessed.note"));
        SignatureLine line = note.lines().get(1);
        byte[] field = line.signature().toByteArray();
        field[7]++;
        SignedNote later =
                new SignedNote(note.text(), List.of(new SignatureLine(line.name(), line.keyId(), Bytes.wrap(field))));
        assertThatThrownBy(() -> later.verify(List.of(VerifierKey.parse(WITNESS_KEY)), CHECKER))
                .isInstanceOf(NoteException.class);
    }

    @Test
    void everyFlippedBitOfANoteIsRefused() throws Exception {
        byte[] bytes = Bytes.utf8(EXAMPLE).toByteArray();
        List<VerifierKey> keys = List.of(VerifierKey.parse(EXAMPLE_KEY));
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> SignedNote.parse(Bytes.wrap(flipped)).verify(keys, CHECKER))
                    .as("bit %d", bit)
                    .isInstanceOf(NoteException.class);
        }
    }

    @Test
    void everyTruncationAndEveryAppendedByteIsRefused() throws Exception {
        Bytes bytes = Bytes.utf8(EXAMPLE);
        List<VerifierKey> keys = List.of(VerifierKey.parse(EXAMPLE_KEY));
        for (int length = 0; length < bytes.length(); length++) {
            Bytes cut = bytes.slice(0, length);
            assertThatThrownBy(() -> SignedNote.parse(cut).verify(keys, CHECKER))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(NoteException.class);
        }
        for (int b = 0; b < 256; b++) {
            Bytes longer = Bytes.concat(bytes, Bytes.wrap(new byte[] {(byte) b}));
            assertThatThrownBy(() -> SignedNote.parse(longer).verify(keys, CHECKER))
                    .as("byte %d appended", b)
                    .isInstanceOf(NoteException.class);
        }
    }

    @Test
    void aKnownKeyWhoseLineFailsPoisonsTheNoteAndAnUnknownOneNeverDoes() throws Exception {
        String text = "text\n";
        SeededSigner good = new SeededSigner(KeyUse.WITNESS, 1);
        SeededSigner bad = new SeededSigner(KeyUse.WITNESS, 2);
        SignatureLine fine = NoteSigner.cosign(text, "good.example", Instant.ofEpochSecond(5), good);
        SignatureLine wrong = NoteSigner.cosign("other\n", "bad.example", Instant.ofEpochSecond(5), bad);
        SignedNote note = new SignedNote(text, List.of(fine, wrong));
        VerifierKey goodKey = VerifierKey.ofCosigner("good.example", good.key());
        VerifierKey badKey = VerifierKey.ofCosigner("bad.example", bad.key());
        assertThat(note.verify(List.of(goodKey), CHECKER)).hasSize(1);
        assertThatThrownBy(() -> note.verify(List.of(goodKey, badKey), CHECKER))
                .hasMessageContaining("bad.example")
                .hasMessageContaining("does not verify");
        assertThatThrownBy(() -> note.verify(List.of(), CHECKER)).hasMessageContaining("no signature line is by a key");
        assertThat(note.verifyKnown(List.of(), CHECKER)).isEmpty();
        // The same key under another name, or the same name with another key, is another key.
        assertThat(note.verifyKnown(List.of(VerifierKey.ofCosigner("other.example", good.key())), CHECKER))
                .isEmpty();
        assertThat(note.verifyKnown(List.of(VerifierKey.ofCosigner("good.example", bad.key())), CHECKER))
                .isEmpty();
    }

    @Test
    void theSecondLineOfOneKeyIsCheckedToo() throws Exception {
        String text = "text\n";
        SeededSigner signer = new SeededSigner(KeyUse.WITNESS, 1);
        SignatureLine fine = NoteSigner.cosign(text, "w.example", Instant.ofEpochSecond(5), signer);
        SignatureLine later = NoteSigner.cosign(text, "w.example", Instant.ofEpochSecond(6), signer);
        SignatureLine wrong = NoteSigner.cosign("other\n", "w.example", Instant.ofEpochSecond(6), signer);
        List<VerifierKey> keys = List.of(VerifierKey.ofCosigner("w.example", signer.key()));
        assertThat(new SignedNote(text, List.of(fine, later)).verify(keys, CHECKER))
                .hasSize(2);
        assertThatThrownBy(() -> new SignedNote(text, List.of(fine, wrong)).verify(keys, CHECKER))
                .isInstanceOf(NoteException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "text\n",
                "text\n\n",
                "text\n\n\u2014 a AAAAAAA=",
                "text\n\n- a AAAAAAA=\n",
                "text\n\n\u2014  AAAAAAA=\n",
                "text\n\n\u2014 a\n",
                "text\n\n\u2014 a AAAAAAA\n",
                "text\n\n\u2014 a AAAAAA==\n",
                "text\n\n\u2014 a AAAAAAB=\n",
                "text\n\n\u2014 a  AAAAAAA=\n",
                "text\n\n\u2014 a AAAAAAA= \n",
                "text\n\n\u2014 a+b AAAAAAA=\n",
                "text\n\n\u2014 a\u00a0b AAAAAAA=\n",
                "text\n\n\u2014 a\u0085b AAAAAAA=\n",
                "text\n\n\u2014 a\u3000b AAAAAAA=\n",
                "te\txt\n\n\u2014 a AAAAAAA=\n",
                "text\r\n\n\u2014 a AAAAAAA=\n",
                "text\n\n\u2014 a AAAAAAA=\nmore\n"
            })
    void whatIsNotOfTheFormIsRefused(String note) {
        assertThatThrownBy(() -> SignedNote.parse(Bytes.utf8(note))).isInstanceOf(NoteException.class);
    }

    @Test
    void theLastEmptyLineSeparatesAndTextMayHoldOthers() throws Exception {
        String text = "one\n\n\u2014 a AAAAAAA=\n";
        SignedNote note = SignedNote.parse(Bytes.utf8(text + "\n\u2014 b AAAAAAA=\n"));
        assertThat(note.text()).isEqualTo(text);
        assertThat(note.lines())
                .singleElement()
                .satisfies(line -> assertThat(line.name()).isEqualTo("b"));
    }

    @Test
    void aNoteOfInvalidUtf8IsRefused() {
        Bytes note = Bytes.concat(Bytes.fromHex("c328"), Bytes.utf8("\n\n\u2014 a AAAAAAA=\n"));
        assertThatThrownBy(() -> SignedNote.parse(note)).hasMessageContaining("UTF-8");
    }

    @Test
    void aHundredLinesAreReadAndOneMoreIsNot() throws Exception {
        StringBuilder note = new StringBuilder("text\n\n");
        for (int i = 0; i < SignedNote.MAX_LINES; i++) {
            note.append("\u2014 a").append(i).append(" AAAAAAA=\n");
        }
        assertThat(SignedNote.parse(Bytes.utf8(note.toString())).lines()).hasSize(100);
        note.append("\u2014 b AAAAAAA=\n");
        assertThatThrownBy(() -> SignedNote.parse(Bytes.utf8(note.toString()))).hasMessageContaining("at most 100");
        Bytes large = Bytes.wrap(new byte[SignedNote.MAX_BYTES + 1]);
        assertThatThrownBy(() -> SignedNote.parse(large)).hasMessageContaining("at most 1048576 bytes");
    }

    @Test
    void aLineAddedIsAtTheEndAndOnlyOnce() throws Exception {
        SignedNote note = SignedNote.parse(Bytes.utf8(EXAMPLE));
        SignatureLine line = SignatureLine.parse("\u2014 b AAAAAAA=");
        SignedNote more = note.with(line);
        assertThat(more.lines()).hasSize(2);
        assertThat(more.with(line)).isEqualTo(more);
        assertThat(more.firstLineOnly()).isEqualTo(note);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bananas.example+12344556",
                "rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!",
                "rekor.sigstore.dev+12345678+AwEB",
                "rekor.sigstore.dev+NOT_A_NUMBER+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/fo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
                "example.com/foo+530d903a+",
                "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "",
                "a+b"
            })
    void whatIsNoVerifierKeyIsRefused(String text) {
        assertThatThrownBy(() -> VerifierKey.parse(text)).isInstanceOf(NoteException.class);
    }

    @Test
    void everyKeyTypeHasOneTextAndItsOwnKeyId() throws Exception {
        SeededSigner signer = new SeededSigner(KeyUse.WITNESS, 3);
        Bytes raw = signer.key().spki().slice(12, 44);
        List<String> texts = new ArrayList<>();
        for (NoteKeyType type : List.of(NoteKeyType.ED25519, NoteKeyType.COSIGNATURE_ED25519)) {
            VerifierKey key = new VerifierKey("k.example", type, raw);
            assertThat(VerifierKey.parse(key.text())).isEqualTo(key);
            texts.add(key.keyId().hex());
        }
        VerifierKey mlDsa = new VerifierKey("k.example", NoteKeyType.COSIGNATURE_ML_DSA_44, Bytes.wrap(new byte[1312]));
        assertThat(VerifierKey.parse(mlDsa.text())).isEqualTo(mlDsa);
        texts.add(mlDsa.keyId().hex());
        assertThat(texts).doesNotHaveDuplicates();
    }
}
