package dev.terraseal.core.mldsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MlDsaPublicKeyTest {
    private static final long SEED = Long.getLong("terraseal.seed", 20261129L);

    private final Random random = new Random(SEED);

    private Bytes bytes(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return Bytes.wrap(out);
    }

    private static Bytes with(Bytes source, int at, int value) {
        byte[] out = source.toByteArray();
        out[at] = (byte) value;
        return Bytes.wrap(out);
    }

    @Test
    void shakeHasItsKnownAnswers() {
        assertThat(Bytes.wrap(Shake.of128().next(32)).hex())
                .isEqualTo("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
        assertThat(Bytes.wrap(Shake.of256().next(32)).hex())
                .isEqualTo("46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f");
    }

    /** C2SP CCTV, ML-DSA/accumulated: a hash over a hundred public keys and signatures that everybody has to get. */
    @ParameterizedTest
    @CsvSource({
        "ML_DSA_44, d51148e1f9f4fa1a723a6cf42e25f2a99eb5c1b378b3d2dbbd561b1203beeae4",
        "ML_DSA_65, 8358a1843220194417cadbc2651295cd8fc65125b5a5c1a239a16dc8b57ca199"
    })
    void aHundredPublishedSignaturesHold(ParameterSet set, String published) {
        Shake seeds = Shake.of128();
        Shake all = Shake.of128();
        for (int i = 0; i < 100; i++) {
            Signing signing = Signing.ofSeed(set, seeds.next(32));
            Bytes signature = signing.sign(Bytes.EMPTY);
            all.absorb(signing.publicBytes()).absorb(signature);
            assertThat(signing.publicKey().verify(Bytes.EMPTY, signature)).isTrue();
        }
        assertThat(Bytes.wrap(all.next(32)).hex()).isEqualTo(published);
    }

    @ParameterizedTest
    @EnumSource
    void anyOtherMessageKeyOrSignatureDoesNot(ParameterSet set) {
        for (int round = 0; round < 40; round++) {
            Signing signing = Signing.ofSeed(set, bytes(32).toByteArray());
            MlDsaPublicKey key = signing.publicKey();
            Bytes message = bytes(random.nextInt(5_000));
            Bytes signature = signing.sign(message);
            assertThat(key.verify(message, signature)).as("seed %s", SEED).isTrue();
            assertThat(key.verify(Bytes.concat(message, bytes(1)), signature)).isFalse();
            for (int i = 0; i < 40; i++) {
                int at = random.nextInt(signature.length());
                Bytes other = with(signature, at, signature.at(at) ^ 1 << random.nextInt(8));
                assertThat(key.verify(message, other))
                        .as("seed %s, byte %s", SEED, at)
                        .isFalse();
                assertThat(signing.verify(message, other)).isFalse();
            }
            Bytes raw = signing.publicBytes();
            int at = random.nextInt(raw.length());
            Bytes otherKey = with(raw, at, raw.at(at) ^ 1 << random.nextInt(8));
            assertThat(new MlDsaPublicKey(set, otherKey).verify(message, signature))
                    .isFalse();
        }
    }

    /** Each says the same as the signature it was made from to a reader that is lenient about the form of hints. */
    @ParameterizedTest
    @EnumSource
    void aHintHasOneEncoding(ParameterSet set) {
        int places = set.signatureBytes() - set.hintsMax - set.rows;
        int ends = set.signatureBytes() - set.rows;
        int tried = 0;
        for (int round = 0; round < 20; round++) {
            Signing signing = Signing.ofSeed(set, bytes(32).toByteArray());
            Bytes message = bytes(64);
            Bytes signature = signing.sign(message);
            int used = signature.at(ends + set.rows - 1);
            List<Bytes> others = new ArrayList<>();
            if (used < set.hintsMax) {
                others.add(with(signature, ends - 1, 1));
                others.add(with(signature, places + used, 200));
            }
            if (signature.at(ends) >= 2) {
                Bytes swapped = with(signature, places, signature.at(places + 1));
                others.add(with(swapped, places + 1, signature.at(places)));
            }
            if (signature.at(ends) >= 1 && used < set.hintsMax) {
                others.add(twice(signature, places, ends, set));
            }
            others.add(with(signature, ends + set.rows - 1, set.hintsMax + 1));
            others.add(with(signature, ends + 1, signature.at(ends) - 1));
            for (Bytes other : others) {
                assertThat(signing.publicKey().verify(message, other))
                        .as("seed %s", SEED)
                        .isFalse();
                assertThat(signing.verify(message, other)).isFalse();
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(80);
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfHintsEndInOrder(ParameterSet set) {
        byte[] form = new byte[set.signatureBytes()];
        // A response of zeros: each coefficient is written as gamma1, which is its highest bit.
        for (int bit = set.responseBits - 1;
                bit < set.columns * Polynomial.N * set.responseBits;
                bit += set.responseBits) {
            form[set.challengeBytes + bit / 8] |= (byte) (1 << bit % 8);
        }
        int ends = set.signatureBytes() - set.rows;
        for (int row = 0; row < set.rows; row++) {
            form[ends + row] = 1;
        }
        assertThat(MlDsaSignature.parse(Bytes.copyOf(form), set)).isNotNull();
        form[ends + 1] = 0;
        assertThat(MlDsaSignature.parse(Bytes.copyOf(form), set)).isNull();
    }

    /** The first place of the first row a second time, all others moved by one. */
    private static Bytes twice(Bytes signature, int places, int ends, ParameterSet set) {
        byte[] out = signature.toByteArray();
        System.arraycopy(out, places, out, places + 1, set.hintsMax - 1);
        for (int row = 0; row < set.rows; row++) {
            out[ends + row]++;
        }
        return Bytes.wrap(out);
    }

    @ParameterizedTest
    @EnumSource
    void aResponseStaysBelowItsBound(ParameterSet set) {
        Bytes signature = Signing.ofSeed(set, new byte[32]).sign(Bytes.EMPTY);
        int bound = set.gamma1 - set.beta;
        for (int limit : new int[] {bound, -bound}) {
            assertThat(MlDsaSignature.parse(withResponse(signature, set, limit), set))
                    .isNull();
            Bytes within = withResponse(signature, set, limit - Integer.signum(limit));
            MlDsaSignature parts = MlDsaSignature.parse(within, set);
            assertThat(parts).isNotNull();
        }
    }

    /** The first coefficient of the response replaced. */
    private static Bytes withResponse(Bytes signature, ParameterSet set, int value) {
        byte[] out = signature.toByteArray();
        int at = set.challengeBytes;
        int encoded = set.gamma1 - value;
        out[at] = (byte) encoded;
        out[at + 1] = (byte) (encoded >> 8);
        int low = set.responseBits - 16;
        out[at + 2] = (byte) (out[at + 2] & -1 << low | encoded >> 16 & (1 << low) - 1);
        return Bytes.wrap(out);
    }

    @ParameterizedTest
    @EnumSource
    void anotherLengthIsNoSignatureAndNoKey(ParameterSet set) {
        Signing signing = Signing.ofSeed(set, new byte[32]);
        MlDsaPublicKey key = signing.publicKey();
        Bytes signature = signing.sign(Bytes.EMPTY);
        assertThat(key.verify(Bytes.EMPTY, Bytes.EMPTY)).isFalse();
        assertThat(key.verify(Bytes.EMPTY, signature.slice(0, signature.length() - 1)))
                .isFalse();
        assertThat(key.verify(Bytes.EMPTY, Bytes.concat(signature, bytes(1)))).isFalse();
        assertThatThrownBy(() -> new MlDsaPublicKey(set, Bytes.wrap(new byte[set.publicKeyBytes() - 1])))
                .hasMessageContaining("has " + set.publicKeyBytes() + " bytes");
    }

    @ParameterizedTest
    @EnumSource
    void aMessageIsStoodForByTheSame64Bytes(ParameterSet set) {
        for (int i = 0; i < 20; i++) {
            Signing signing = Signing.ofSeed(set, bytes(32).toByteArray());
            Bytes message = bytes(random.nextInt(1_000));
            assertThat(signing.publicKey().representative(message)).isEqualTo(signing.representative(message));
        }
    }

    @Test
    void sizesAreThoseOfTheStandard() {
        assertThat(ParameterSet.ML_DSA_44.publicKeyBytes()).isEqualTo(1312);
        assertThat(ParameterSet.ML_DSA_44.signatureBytes()).isEqualTo(2420);
        assertThat(ParameterSet.ML_DSA_65.publicKeyBytes()).isEqualTo(1952);
        assertThat(ParameterSet.ML_DSA_65.signatureBytes()).isEqualTo(3309);
    }
}
