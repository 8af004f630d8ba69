package dev.terraseal.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.merkle.Merkle;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final SignatureChecker CHECKER = new SignatureChecker(null);
    private static final LogOrigin ORIGIN = new LogOrigin("logs.example.com/prod");
    private static final Digest ROOT = Digest.of(Bytes.utf8("root"));
    private static final String ROOT_LINE = ROOT.base64() + "\n";

    private final SeededSigner signer = new SeededSigner(KeyUse.LOG, 1);
    private final VerifierKey logKey = VerifierKey.ofLog(ORIGIN, signer.key());
    private final Checkpoint checkpoint = new Checkpoint(ORIGIN, 42, ROOT);

    @Test
    void theTextHasThreeLines() throws NoteException {
        assertThat(checkpoint.text()).isEqualTo("logs.example.com/prod\n42\n" + ROOT_LINE);
        assertThat(Checkpoint.parse(checkpoint.text())).isEqualTo(checkpoint);
    }

    @Test
    void whatTheLogSignedIsOpenedUnderItsKey() throws Exception {
        SignedNote note = NoteSigner.sign(checkpoint, signer);
        assertThat(note.lines().get(0).name()).isEqualTo("logs.example.com/prod");
        assertThat(Checkpoint.open(SignedNote.parse(note.bytes()), logKey, CHECKER))
                .isEqualTo(checkpoint);
    }

    @Test
    void theLogsOwnLineComesFirst() throws Exception {
        SeededSigner witness = new SeededSigner(KeyUse.WITNESS, 2);
        SignedNote note = NoteSigner.sign(checkpoint, signer);
        SignatureLine line = NoteSigner.cosign(note.text(), "w.example", Instant.ofEpochSecond(1_790_000_000), witness);
        SignedNote cosigned = note.with(line);
        assertThat(Checkpoint.open(cosigned, logKey, CHECKER)).isEqualTo(checkpoint);
        assertThat(cosigned.firstLineOnly().bytes()).isEqualTo(note.bytes());
        assertThat(cosigned.verify(List.of(VerifierKey.ofCosigner("w.example", witness.key())), CHECKER)
                        .get(0)
                        .seenAt())
                .isEqualTo(Instant.ofEpochSecond(1_790_000_000));
        SignedNote turned =
                new SignedNote(note.text(), List.of(line, note.lines().get(0)));
        assertThatThrownBy(() -> Checkpoint.open(turned, logKey, CHECKER)).hasMessageContaining("first signature line");
    }

    @Test
    void aCheckpointOfAnotherOriginUnderThisKeyIsRefused() throws Exception {
        String text = "logs.example.com/other\n42\n" + ROOT_LINE;
        SignedNote note = new SignedNote(
                text, List.of(new SignatureLine(ORIGIN.value(), logKey.keyId(), signer.sign(Bytes.utf8(text)))));
        assertThatThrownBy(() -> Checkpoint.open(note, logKey, CHECKER))
                .hasMessageContaining("is of logs.example.com/other but signed by logs.example.com/prod");
    }

    @Test
    void aCheckpointSignedByAnotherKeyIsRefused() throws Exception {
        SeededSigner other = new SeededSigner(KeyUse.LOG, 9);
        SignedNote note = NoteSigner.sign(checkpoint, other);
        assertThatThrownBy(() -> Checkpoint.open(note, logKey, CHECKER)).hasMessageContaining("not by the log");
        SignedNote forged = new SignedNote(
                note.text(),
                List.of(new SignatureLine(
                        ORIGIN.value(), logKey.keyId(), note.lines().get(0).signature())));
        assertThatThrownBy(() -> Checkpoint.open(forged, logKey, CHECKER)).hasMessageContaining("does not verify");
    }

    @Test
    void onlyALogKeySignsCheckpointsAndOnlyAWitnessOrMonitorCosigns() {
        for (KeyUse use : KeyUse.values()) {
            SeededSigner key = new SeededSigner(use, 4);
            if (use != KeyUse.LOG) {
                assertThatThrownBy(() -> NoteSigner.sign(checkpoint, key))
                        .hasMessageContaining(use.text())
                        .hasMessageContaining("signs no checkpoint");
            }
            if (use != KeyUse.WITNESS && use != KeyUse.MONITOR) {
                assertThatThrownBy(() -> NoteSigner.cosign("x\n", "w.example", Instant.EPOCH, key))
                        .hasMessageContaining("cosigns nothing");
            }
        }
    }

    @Test
    void aLogKeyOfAnotherAlgorithmIsRefusedByName() throws Exception {
        java.security.KeyPairGenerator generator = java.security.KeyPairGenerator.getInstance("EC");
        generator.initialize(new java.security.spec.ECGenParameterSpec("secp256r1"));
        DeclaredKey p256 = DeclaredKey.of(
                KeyUse.LOG,
                Algorithm.ECDSA_SHA_256,
                Bytes.wrap(generator.generateKeyPair().getPublic().getEncoded()));
        MessageSigner wrong = new MessageSigner() {
            @Override
            public DeclaredKey key() {
                return p256;
            }

            @Override
            public Bytes sign(Bytes message) {
                throw new AssertionError("must not be asked");
            }
        };
        assertThatThrownBy(() -> NoteSigner.sign(checkpoint, wrong)).hasMessageContaining("ED25519_SHA_512");
    }

    @Test
    void theEmptyLogHasOneRoot() throws NoteException {
        Checkpoint empty = new Checkpoint(ORIGIN, 0, Merkle.EMPTY_ROOT);
        assertThat(Checkpoint.parse(empty.text())).isEqualTo(empty);
        assertThatThrownBy(() -> new Checkpoint(ORIGIN, 0, ROOT)).hasMessageContaining("empty tree");
        assertThatThrownBy(() -> TreeHead.parse(ORIGIN + "\n0\n" + ROOT_LINE)).hasMessageContaining("empty tree");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logs.example.com/prod\n042\nROOT\n",
                "logs.example.com/prod\n+42\nROOT\n",
                "logs.example.com/prod\n-42\nROOT\n",
                "logs.example.com/prod\n\u0664\u0662\nROOT\n",
                "logs.example.com/prod\n 42\nROOT\n",
                "logs.example.com/prod\n9223372036854775808\nROOT\n",
                "logs.example.com/prod\n99999999999999999999\nROOT\n",
                "logs.example.com/prod\n\nROOT\n",
                "logs.example.com/prod\n42\n",
                "logs.example.com/prod\n42\nAAAA\n",
                "logs.example.com/prod\n42\nROOT",
                "logs.example.com/prod\n42\nROOT\n\n",
                "\n42\nROOT\n",
                "logs.example.com/prod\n42\nROOT \n",
                ""
            })
    void whatIsNoCheckpointIsRefused(String text) {
        String filled = text.replace("ROOT", ROOT.base64());
        assertThatThrownBy(() -> TreeHead.parse(filled)).isInstanceOf(NoteException.class);
        assertThatThrownBy(() -> Checkpoint.parse(filled)).isInstanceOf(NoteException.class);
    }

    @Test
    void extensionLinesAndForeignOriginsAreOtherLogs() throws NoteException {
        String extended = checkpoint.text() + "Timestamp: 1\n";
        assertThat(TreeHead.parse(extended).extensions()).containsExactly("Timestamp: 1");
        assertThatThrownBy(() -> Checkpoint.parse(extended)).hasMessageContaining("extension lines");
        String foreign = "go.sum database tree\n42\n" + ROOT_LINE;
        assertThat(TreeHead.parse(foreign).origin()).isEqualTo("go.sum database tree");
        assertThatThrownBy(() -> Checkpoint.parse(foreign)).hasMessageContaining("origin");
    }

    @Test
    void theMlDsaCosignatureSignsExactlyTheseBytes() throws NoteException {
        Bytes message = Cosignature.treeMessage("w", 7, TreeHead.parse("o/x\n258\n" + ROOT_LINE));
        assertThat(message.hex())
                .isEqualTo("737562747265652f76310a00" + "01" + "77" + "0000000000000007" + "03" + "6f2f78"
                        + "0000000000000000" + "0000000000000102" + ROOT.hex());
    }
}
