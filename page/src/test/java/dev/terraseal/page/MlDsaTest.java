package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.log.TestKey;
import java.io.IOException;
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

    private static boolean holds(Tab tab, TestKey key, Bytes message, Bytes signature) throws IOException {
        String raw = key.key().algorithm().rawKey(key.key().spki()).base64();
        return tab.evaluate(HOLDS + "('" + key.key().algorithm() + "', '" + raw + "', '" + message.base64() + "', '"
                        + signature.base64() + "')")
                .asBoolean();
    }
}
