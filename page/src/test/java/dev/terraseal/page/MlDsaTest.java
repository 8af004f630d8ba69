package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.NoteKeyType;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.log.TestKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's own ML-DSA, in a real browser, says of every signature what Java's says. */
class MlDsaTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129L);
    private static final String HOLDS =
            "((algorithm, raw, message, signature) => new MlDsaKey(algorithm, fromBase64(raw))"
                    + ".verify(fromBase64(message), fromBase64(signature)))";

    private final Random random = new Random(SEED);

    private Bytes bytes(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return Bytes.wrap(out);
    }

    private Bytes turned(Bytes signature) {
        byte[] out = signature.toByteArray();
        out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
        return Bytes.wrap(out);
    }

    @Test
    void itSaysWhatJavaSays(@TempDir Path scratch) throws Exception {
        Path page = Files.write(scratch.resolve("verify.html"), VerifyPage.bytes());
        SignatureChecker java = new SignatureChecker(null);
        int held = 0;
        try (Chromium browser = Chromium.start();
                Tab tab = browser.open(page)) {
            for (int round = 0; round < 20; round++) {
                Algorithm algorithm = round % 2 == 0 ? Algorithm.ML_DSA_44 : Algorithm.ML_DSA_65;
                TestKey key = TestKey.seeded(KeyUse.ATTEST, algorithm, random.nextLong());
                Bytes message = bytes(random.nextInt(3_000));
                Bytes right = key.signOrFail(message);
                List<Bytes> signatures = new ArrayList<>(List.of(right, right.slice(1, right.length()), Bytes.EMPTY));
                for (int i = 0; i < 15; i++) {
                    signatures.add(turned(right));
                }
                for (Bytes signature : signatures) {
                    boolean expected = java.verify(key.key(), message, signature);
                    assertThat(holds(tab, key, message, signature))
                            .as("seed %s, round %s", SEED, round)
                            .isEqualTo(expected);
                    held += expected ? 1 : 0;
                }
            }
        }
        assertThat(held).isEqualTo(20);
    }

    /** A witness of C2SP tlog-cosignature type 0x06, as its specification lays the signed message out. */
    @Test
    void aWitnessOfThatKindIsBelievedForItsTimeAndTreeOnly(@TempDir Path scratch) throws Exception {
        Path page = Files.write(scratch.resolve("verify.html"), VerifyPage.bytes());
        TestKey witness = TestKey.seeded(KeyUse.WITNESS, Algorithm.ML_DSA_44, SEED);
        String text = "log.example/x\n258\n" + Digest.of(Bytes.utf8("root")).base64() + "\n";
        Bytes message = Bytes.concat(
                Bytes.utf8("subtree/v1\n\0\u0009w.example"),
                big(1_790_000_000L),
                Bytes.utf8("\15log.example/x"),
                big(0),
                big(258),
                Digest.of(Bytes.utf8("root")).bytes());
        Bytes signature = witness.signOrFail(message);
        String key = new VerifierKey(
                        "w.example",
                        NoteKeyType.COSIGNATURE_ML_DSA_44,
                        Algorithm.ML_DSA_44.rawKey(witness.key().spki()))
                .text();
        try (Chromium browser = Chromium.start();
                Tab tab = browser.open(page)) {
            assertThat(seen(tab, key, text, Bytes.concat(big(1_790_000_000L), signature)))
                    .isEqualTo("1790000000");
            assertThat(seen(tab, key, text, Bytes.concat(big(1_790_000_001L), signature)))
                    .isEqualTo("null");
            assertThat(seen(tab, key, text.replace("258", "259"), Bytes.concat(big(1_790_000_000L), signature)))
                    .isEqualTo("null");
        }
    }

    private static Bytes big(long number) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    private static String seen(Tab tab, String key, String text, Bytes field) throws IOException {
        return tab.evaluate("openCosignature({ signature: fromBase64('" + field.base64() + "') }, parseVerifierKey('"
                        + key + "'), '" + text.replace("\n", "\\n") + "').then(String)")
                .asText();
    }

    private static boolean holds(Tab tab, TestKey key, Bytes message, Bytes signature) throws IOException {
        String raw = key.key().algorithm().rawKey(key.key().spki()).base64();
        return tab.evaluate(HOLDS + "('" + key.key().algorithm() + "', '" + raw + "', '" + message.base64() + "', '"
                        + signature.base64() + "')")
                .asBoolean();
    }
}
