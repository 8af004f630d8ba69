package dev.terraseal.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.keys.KeyUse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TlogPolicyTest {
    private static final VerifierKey LOG =
            VerifierKey.ofLog(new LogOrigin("log.example"), new SeededSigner(KeyUse.LOG, 1).key());
    private static final List<VerifierKey> W = new ArrayList<>();

    static {
        for (int i = 0; i < 6; i++) {
            W.add(VerifierKey.ofCosigner("w" + i + ".example", new SeededSigner(KeyUse.WITNESS, 10 + i).key()));
        }
    }

    private static TlogPolicy parse(String... lines) throws NoteException {
        return TlogPolicy.parse(Bytes.utf8(String.join("\n", lines) + "\n"));
    }

    private static String witness(int i) {
        return "witness W" + i + " " + W.get(i).text();
    }

    @Test
    void theTwoLevelExampleOfTheSpecificationCountsAsItSays() throws NoteException {
        TlogPolicy policy = parse(
                "# two groups",
                "log " + LOG.text() + " https://log.example/",
                "",
                witness(0),
                "\t " + witness(1) + "\thttps://w1.example ",
                witness(2),
                "group X 2 W0 W1 W2",
                witness(3),
                witness(4),
                witness(5),
                "group Y any W3 W4 W5",
                "group XY all X Y",
                "quorum XY");
        assertThat(policy.logs()).containsExactly(LOG);
        assertThat(policy.witnesses()).isEqualTo(W);
        assertThat(policy.isMetBy(List.of(W.get(0), W.get(2), W.get(5)))).isTrue();
        assertThat(policy.isMetBy(W)).isTrue();
        assertThat(policy.isMetBy(List.of(W.get(0), W.get(5), W.get(4)))).isFalse();
        assertThat(policy.isMetBy(List.of(W.get(0), W.get(1), W.get(2)))).isFalse();
        assertThat(policy.isMetBy(List.of(W.get(0), W.get(0), W.get(3)))).isFalse();
        assertThat(policy.isMetBy(List.of())).isFalse();
    }

    @Test
    void noneAsksForNoWitnessAndASingleWitnessForItself() throws NoteException {
        assertThat(parse("quorum none").isMetBy(List.of())).isTrue();
        TlogPolicy one = parse(witness(0), witness(1), "quorum W1");
        assertThat(one.isMetBy(List.of(W.get(0)))).isFalse();
        assertThat(one.isMetBy(List.of(W.get(1)))).isTrue();
    }

    @Test
    void whatTheFormatDoesNotAllowIsRefusedWithItsLine() {
        String sameKeyOtherName = "witness W9 "
                + new VerifierKey(
                                "other.example",
                                NoteKeyType.COSIGNATURE_ED25519,
                                W.get(0).publicKey())
                        .text();
        List<List<String>> refused = List.of(
                List.of("the policy has no quorum", witness(0)),
                List.of("line 1 ", "quorum W0", witness(0)),
                List.of("line 2 ", "quorum none", "quorum none"),
                List.of("line 2 ", "log " + LOG.text(), "log " + LOG.text(), "quorum none"),
                List.of("line 2 ", witness(0), sameKeyOtherName, "quorum none"),
                List.of("line 2 ", witness(0), "witness W0 " + W.get(1).text(), "quorum none"),
                List.of("line 1 ", "witness none " + W.get(1).text(), "quorum none"),
                List.of("line 1 ", "witness W0 " + LOG.text(), "quorum none"),
                List.of("line 2 ", witness(0), "group G 2 W0", "quorum G"),
                List.of("line 2 ", witness(0), "group G 0 W0", "quorum G"),
                List.of("line 2 ", witness(0), "group G 01 W0", "quorum G"),
                List.of("line 2 ", witness(0), "group G some W0", "quorum G"),
                List.of("line 2 ", witness(0), "group G all", "quorum G"),
                List.of("line 2 ", witness(0), "group G all W0 W0", "quorum G"),
                List.of("line 2 ", witness(0), "group G all G", "quorum G"),
                List.of("line 3 ", witness(0), "group G all W0", "group H all W0", "quorum G"),
                List.of("line 2 ", witness(0), "group G all none", "quorum G"),
                List.of("line 1 ", "log", "quorum none"),
                List.of("line 1 ", "log x+y+z", "quorum none"),
                List.of("line 1 ", "monitor x", "quorum none"),
                List.of("line 1 ", "quorum\rnone"));
        for (List<String> each : refused) {
            String[] lines = each.subList(1, each.size()).toArray(new String[0]);
            assertThatThrownBy(() -> parse(lines))
                    .as(String.join(" / ", lines))
                    .isInstanceOf(NoteException.class)
                    .hasMessageContaining(each.get(0));
        }
        assertThatThrownBy(() -> TlogPolicy.parse(Bytes.utf8("quorum none"))).hasMessageContaining("newline");
    }

    @Test
    void namesAreOctetsAndCommentsMaySayAnything() throws NoteException {
        Bytes policy = Bytes.concat(
                Bytes.utf8("# Zeug\u00e9\nwitness "),
                Bytes.fromHex("ff"),
                Bytes.utf8(" " + W.get(0).text() + "\nquorum "),
                Bytes.fromHex("ff0a"));
        assertThat(TlogPolicy.parse(policy).isMetBy(List.of(W.get(0)))).isTrue();
    }
}
