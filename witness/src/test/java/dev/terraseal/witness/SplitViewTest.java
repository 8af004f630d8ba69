package dev.terraseal.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.witness.SplitView;
import dev.terraseal.keys.Providers;
import dev.terraseal.testkit.log.SeededSigner;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitViewTest {
    private static final SignatureChecker CHECKER = new SignatureChecker(Providers.fast());
    private static final int FROM = 5;

    private final ForkedLog log = new ForkedLog(FROM, "A");
    private final ForkedLog fork = new ForkedLog(FROM, "B");

    private SplitView proof(int first, int second) throws Exception {
        return SplitView.of(
                log.note(first), fork.note(second), first == second ? List.of() : fork.prefix(first, second), null);
    }

    @Test
    void itProvesAForkAtEveryPairOfSizesBeyondItAndAtNoOther() throws Exception {
        for (int first = 1; first <= 17; first++) {
            for (int second = first; second <= 17; second++) {
                SplitView proof = proof(first, second);
                if (first > FROM) {
                    assertThat(SplitView.parse(proof.bytes())
                                    .verify(List.of(log.key()), CHECKER)
                                    .second()
                                    .size())
                            .isEqualTo(second);
                } else {
                    assertThatThrownBy(() -> proof.verify(List.of(log.key()), CHECKER))
                            .as("%d in %d", first, second)
                            .isInstanceOf(NoteException.class)
                            .hasMessageContaining("of one history");
                }
            }
        }
    }

    @Test
    void aProofWithOneBitOfAByteChangedIsNone() throws Exception {
        for (int second : new int[] {8, 11}) {
            byte[] right = proof(8, second).bytes().toByteArray();
            for (int at = 0; at < right.length; at += 3) {
                byte[] wrong = right.clone();
                wrong[at] ^= 1;
                assertThatThrownBy(() -> SplitView.parse(Bytes.copyOf(wrong)).verify(List.of(log.key()), CHECKER))
                        .as("size %d byte %d", second, at)
                        .isInstanceOf(NoteException.class);
            }
        }
    }

    @Test
    void onlyTheLogsOwnSignaturesCount() throws Exception {
        VerifierKey other = VerifierKey.ofLog(ForkedLog.ORIGIN, new SeededSigner(KeyUse.LOG, 8).key());
        assertThatThrownBy(() -> proof(8, 11).verify(List.of(other), CHECKER)).isInstanceOf(NoteException.class);
    }
}
