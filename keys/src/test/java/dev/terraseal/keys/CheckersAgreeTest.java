package dev.terraseal.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.local.SoftKey;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Services check with native code, verifiers with the JDK or Bouncy Castle: they must say the same of all bytes. */
class CheckersAgreeTest {
    private static final long SEED = 20261129;
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final Bytes MESSAGE = Bytes.utf8("what was applied");

    private final SoftKey key = SoftKey.newP256(new SecureRandom());
    private final DeclaredKey declared = DeclaredKey.of(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256, key.spki());
    private final List<SignatureChecker> checkers = List.of(
            new SignatureChecker(null),
            new SignatureChecker(algorithm -> Providers.bouncyCastle()),
            new SignatureChecker(algorithm -> Providers.nativeP256().orElseThrow()));

    @Test
    void onSignaturesWithABitTurnedAByteMoreOrOneLess() throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            byte[] signature = key.sign(Algorithm.ECDSA_SHA_256, MESSAGE).toByteArray();
            int at = random.nextInt(signature.length);
            switch (i % 3) {
                case 0 -> signature[at] ^= (byte) (1 << random.nextInt(8));
                case 1 ->
                    signature = Bytes.concat(
                                    Bytes.copyOf(signature, 0, at),
                                    Bytes.wrap(new byte[] {(byte) random.nextInt(256)}),
                                    Bytes.copyOf(signature, at, signature.length))
                            .toByteArray();
                default ->
                    signature = Bytes.concat(
                                    Bytes.copyOf(signature, 0, at), Bytes.copyOf(signature, at + 1, signature.length))
                            .toByteArray();
            }
            assertThat(answers(Bytes.wrap(signature)))
                    .as("seed %d, case %d: %s", SEED, i, Bytes.wrap(signature).hex())
                    .containsOnly(false);
        }
    }

    @Test
    void onNumbersAtTheEdgesOfTheirRange() throws Exception {
        Bytes real = key.sign(Algorithm.ECDSA_SHA_256, MESSAGE);
        BigInteger r = new BigInteger(real.slice(4, 4 + real.at(3)).toByteArray());
        BigInteger s = new BigInteger(real.slice(6 + real.at(3), real.length()).toByteArray());
        List<BigInteger> edges = List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                ORDER.subtract(BigInteger.ONE),
                ORDER,
                ORDER.add(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(256),
                r.add(ORDER),
                s.add(ORDER),
                r.subtract(ORDER),
                s.subtract(ORDER),
                r.negate(),
                s.negate());
        for (BigInteger edge : edges) {
            assertThat(answers(der(edge, s))).as("r = %s", edge).containsOnly(false);
            assertThat(answers(der(r, edge))).as("s = %s", edge).containsOnly(false);
            assertThat(answers(der(edge, edge))).as("r = s = %s", edge).containsOnly(false);
        }
        assertThat(answers(der(r, s))).containsOnly(true);
        assertThat(answers(der(r, ORDER.subtract(s))))
                .as("the twin that ECDSA gives every signature")
                .containsOnly(true);
    }

    @Test
    void onAPointBesideTheCurve() throws Exception {
        byte[] spki = key.spki().toByteArray();
        spki[spki.length - 1] ^= 1;
        DeclaredKey beside = DeclaredKey.of(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256, Bytes.wrap(spki));
        Bytes signature = key.sign(Algorithm.ECDSA_SHA_256, MESSAGE);
        for (SignatureChecker checker : checkers) {
            assertThat(checker.verify(beside, MESSAGE, signature)).isFalse();
        }
    }

    private List<Boolean> answers(Bytes signature) throws SignatureChecker.UncheckableException {
        List<Boolean> answers = new ArrayList<>();
        for (SignatureChecker checker : checkers) {
            answers.add(checker.verify(declared, MESSAGE, signature));
        }
        return answers;
    }

    private static Bytes der(BigInteger r, BigInteger s) {
        Bytes body = Bytes.concat(integer(r), integer(s));
        return Bytes.concat(Bytes.wrap(new byte[] {0x30, (byte) body.length()}), body);
    }

    private static Bytes integer(BigInteger number) {
        Bytes content = Bytes.wrap(number.toByteArray());
        return Bytes.concat(Bytes.wrap(new byte[] {2, (byte) content.length()}), content);
    }
}
