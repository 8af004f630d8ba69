package dev.terraseal.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.keys.SigningException;
import java.security.Provider;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogCheckpointsTest {
    private final TestKeys log = TestKeys.of(KeyUse.LOG);
    private final TestKeys other = TestKeys.of(KeyUse.LOG);
    private final LogDeclaration declaration =
            LogDeclaration.of(TestKeys.fields(1, TestKeys.of(KeyUse.ATTEST), log, TestKeys.of(KeyUse.AUTHORITY)));
    private final KeyRing ring = KeyRing.of(declaration);
    private final LogCheckpoints checkpoints = new LogCheckpoints(ring, new SignatureChecker(null));

    private record Signer(TestKeys pair) implements MessageSigner {
        @Override
        public DeclaredKey key() {
            return pair.declared();
        }

        @Override
        public Bytes sign(Bytes message) {
            return pair.sign(message).sig();
        }
    }

    private Bytes note(TestKeys by, long size) throws SigningException {
        Checkpoint checkpoint = new Checkpoint(declaration.origin(), size, Digest.of(Bytes.utf8("root of " + size)));
        return NoteSigner.sign(checkpoint, new Signer(by)).bytes();
    }

    @Test
    void theLargestThatTheLogSignedIsFoundWhereverItStands() throws Exception {
        List<Bytes> notes = List.of(
                note(log, 7),
                note(other, 90),
                note(log, 12),
                Bytes.utf8("no note at all"),
                Bytes.utf8(note(log, 12).utf8().replace("\n12\n", "\n13\n")),
                note(other, 12),
                note(log, 3));
        assertThat(checkpoints.largest(notes).orElseThrow().size()).isEqualTo(12);
        assertThat(checkpoints.largest(List.of(note(other, 90)))).isEmpty();
        assertThat(checkpoints.largest(List.of())).isEmpty();
    }

    @Test
    void aNoteOfAnotherSizeThanTheLogSignedIsNotOpened() throws Exception {
        assertThat(checkpoints.open(note(log, 12))).map(Checkpoint::size).contains(12L);
        assertThat(checkpoints.open(Bytes.utf8(note(log, 12).utf8().replace("\n12\n", "\n13\n"))))
                .isEmpty();
    }

    @Test
    void whereNothingCanBeCheckedThatIsSaid() {
        Provider empty = new Provider("nothing", "1", "has no algorithm") {};
        LogCheckpoints blind = new LogCheckpoints(ring, new SignatureChecker(algorithm -> empty));
        assertThatThrownBy(() -> blind.largest(List.of(note(log, 7)))).isInstanceOf(UncheckableException.class);
    }
}
