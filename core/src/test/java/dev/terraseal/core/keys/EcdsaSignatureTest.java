package dev.terraseal.core.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcdsaSignatureTest {
    private static final Random RANDOM = new Random(20261129);

    /** DER as BigInteger writes integers, which is the shortest two's complement: a second way to the same bytes. */
    private static Bytes der(byte[] r, byte[] s) {
        byte[] body = new byte[4 + r.length + s.length];
        body[0] = 2;
        body[1] = (byte) r.length;
        System.arraycopy(r, 0, body, 2, r.length);
        body[2 + r.length] = 2;
        body[3 + r.length] = (byte) s.length;
        System.arraycopy(s, 0, body, 4 + r.length, s.length);
        byte[] head = body.length < 128
                ? new byte[] {0x30, (byte) body.length}
                : new byte[] {0x30, (byte) 0x81, (byte) body.length};
        return Bytes.concat(Bytes.wrap(head), Bytes.wrap(body));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 255, 256, 384, 521})
    void twoNumbersHaveOneEncoding(int bits) {
        for (int i = 0; i < 500; i++) {
            byte[] r = new BigInteger(bits, RANDOM).toByteArray();
            byte[] s = new BigInteger(bits, RANDOM).toByteArray();
            Bytes one = der(r, s);
            assertThat(EcdsaSignature.isDer(one)).as(one.hex()).isTrue();
            assertThat(EcdsaSignature.isDer(der(padded(r), s))).isFalse();
            assertThat(EcdsaSignature.isDer(der(r, padded(s)))).isFalse();
            assertThat(EcdsaSignature.isDer(der(new byte[0], s))).isFalse();
            assertThat(EcdsaSignature.isDer(der(r, new byte[0]))).isFalse();
            assertThat(EcdsaSignature.isDer(der(negative(r), s))).isFalse();
            assertThat(EcdsaSignature.isDer(der(r, negative(s)))).isFalse();
        }
    }

    @Test
    void nothingIsTakenThatIsShorterOrLongerOrOfAnotherType() {
        Bytes one = der(new byte[] {1, 2, 3}, new byte[] {4, 5, 6});
        for (int length = 0; length < one.length(); length++) {
            assertThat(EcdsaSignature.isDer(one.slice(0, length))).isFalse();
        }
        assertThat(EcdsaSignature.isDer(Bytes.concat(one, Bytes.fromHex("00")))).isFalse();
        for (String other : new String[] {
            "31" + "0a" + "0203010203" + "0203040506",
            "30" + "0a" + "0303010203" + "0203040506",
            "30" + "0a" + "0203010203" + "0303040506",
            "3081" + "0a" + "0203010203" + "0203040506",
            "308200" + "0a" + "0203010203" + "0203040506",
            "3080" + "0203010203" + "0203040506" + "0000",
            "300b" + "028103010203" + "0203040506",
            "300d" + "0203010203" + "0203040506" + "020107",
            "3005" + "0203010203",
        }) {
            assertThat(EcdsaSignature.isDer(Bytes.fromHex(other))).as(other).isFalse();
        }
    }

    /** JDK 17 itself says true here; it is why the form is looked at. */
    @Test
    void aNumberWrittenAsNegativeIsNoSignature() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        DeclaredKey key = DeclaredKey.of(
                KeyUse.ATTEST,
                Algorithm.ECDSA_SHA_256,
                Bytes.wrap(pair.getPublic().getEncoded()));
        Bytes message = Bytes.utf8("what was applied");
        SignatureChecker checker = new SignatureChecker(null);
        for (int i = 0; i < 64; i++) {
            Bytes signature = sign(pair, message);
            assertThat(checker.verify(key, message, signature)).isTrue();
            byte[] r = integer(signature, 2);
            byte[] s = integer(signature, 4 + r.length);
            if (r[0] == 0) {
                assertThat(checker.verify(key, message, der(negative(r), s))).isFalse();
                return;
            }
        }
        throw new AssertionError("64 signatures, and in none a number that begins with a one");
    }

    private static Bytes sign(KeyPair pair, Bytes message) throws Exception {
        Signature signing = Signature.getInstance("SHA256withECDSA");
        signing.initSign(pair.getPrivate());
        signing.update(message.toByteArray());
        return Bytes.wrap(signing.sign());
    }

    private static byte[] integer(Bytes der, int at) {
        return der.slice(at + 2, at + 2 + der.at(at + 1)).toByteArray();
    }

    private static byte[] padded(byte[] number) {
        byte[] longer = new byte[number.length + 1];
        System.arraycopy(number, 0, longer, 1, number.length);
        return longer;
    }

    /** The same bits without the zero that makes them positive, or with a first bit that makes them negative. */
    private static byte[] negative(byte[] number) {
        if (number[0] == 0 && number.length > 1) {
            byte[] shorter = new byte[number.length - 1];
            System.arraycopy(number, 1, shorter, 0, shorter.length);
            return shorter;
        }
        byte[] turned = number.clone();
        turned[0] |= (byte) 0x80;
        return turned;
    }
}
