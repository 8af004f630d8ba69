package dev.terraseal.keys.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.Providers;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Security;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SoftKeyTest {
    private static final Bytes MESSAGE = Bytes.utf8("what was applied, and in which order");
    private static final List<SignatureChecker> CHECKERS = List.of(
            new SignatureChecker(null),
            new SignatureChecker(algorithm -> Providers.bouncyCastle()),
            new SignatureChecker(Providers.fast()));

    static Stream<SoftKey> keys() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        return Stream.of(
                SoftKey.newP256(new SecureRandom()),
                SoftKey.newEd25519(new SecureRandom()),
                SoftKey.generate(Algorithm.ML_DSA_44, new SecureRandom()),
                SoftKey.generate(Algorithm.ML_DSA_65, new SecureRandom()),
                SoftKey.ofRsa((RSAPrivateCrtKey) rsa.generateKeyPair().getPrivate()));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void itsSignaturesVerifyByTheBareJdkAndByBouncyCastle(SoftKey key) throws Exception {
        for (Algorithm algorithm : key.algorithms()) {
            DeclaredKey declared = DeclaredKey.of(KeyUse.ATTEST, algorithm, key.spki());
            Bytes signature = new SoftSigner(declared, key).sign(MESSAGE);
            for (SignatureChecker checker : CHECKERS) {
                assertThat(checker.verify(declared, MESSAGE, signature)).isTrue();
                assertThat(checker.verify(declared, Bytes.utf8("another"), signature))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void whatIsWrittenAsPkcs8IsReadBackAsTheSameKey(SoftKey key) {
        SoftKey again = SoftKey.fromPkcs8(key.pkcs8());
        assertThat(again.spki()).isEqualTo(key.spki());
        assertThat(again.pkcs8()).isEqualTo(key.pkcs8());
    }

    /** RFC 9881 has three forms of one key; OpenSSL writes the last. */
    @Test
    void everyFormOfAnMlDsaKeyIsRead() throws Exception {
        SoftKey key = SoftKey.generate(Algorithm.ML_DSA_65, new SecureRandom());
        MLDSAPrivateKeyParameters read = (MLDSAPrivateKeyParameters)
                PrivateKeyFactory.createKey(key.pkcs8().toByteArray());
        assertThat(key.pkcs8().length()).as("the seed alone").isLessThan(60);
        for (int form : new int[] {
            MLDSAPrivateKeyParameters.SEED_ONLY, MLDSAPrivateKeyParameters.EXPANDED_KEY, MLDSAPrivateKeyParameters.BOTH
        }) {
            Bytes der = Bytes.wrap(PrivateKeyInfoFactory.createPrivateKeyInfo(read.getParametersWithFormat(form))
                    .getEncoded());
            SoftKey again = SoftKey.fromPkcs8(der);
            assertThat(again.spki()).isEqualTo(key.spki());
            assertThat(again.sign(Algorithm.ML_DSA_65, MESSAGE)).isEqualTo(key.sign(Algorithm.ML_DSA_65, MESSAGE));
        }
    }

    /** RFC 6979 appendix A.2.5, P-256 with SHA-256, message "sample". */
    @Test
    void withoutNativeCodeTheP256NonceIsThatOfRfc6979() {
        P256Key key = (P256Key)
                SoftKey.fromPkcs8(Bytes.fromHex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420"
                        + "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
        assertThat(key.deterministic().sign(Bytes.utf8("sample")).hex())
                .contains("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716")
                .contains("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    }

    @Test
    void bothWaysOfSigningMakeSignaturesThatAllCheckersTake() throws Exception {
        P256Key key = (P256Key) SoftKey.newP256(new SecureRandom());
        DeclaredKey declared = DeclaredKey.of(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256, key.spki());
        for (P256Signing signing : List.of(
                key.deterministic(),
                new P256Signing.Native(Providers.nativeP256().orElseThrow(), key.pkcs8()))) {
            for (int i = 0; i < 200; i++) {
                Bytes message = Bytes.utf8("message " + i);
                Bytes signature = signing.sign(message);
                for (SignatureChecker checker : CHECKERS) {
                    assertThat(checker.verify(declared, message, signature)).isTrue();
                    assertThat(checker.verify(declared, MESSAGE, signature)).isFalse();
                }
            }
        }
    }

    /** BoringSSL mixes a random number in, so that a signature says nothing about an earlier one. */
    @Test
    void nativeCodeTakesAnotherNonceEachTime() {
        P256Key key = (P256Key) SoftKey.newP256(new SecureRandom());
        P256Signing signing = new P256Signing.Native(Providers.nativeP256().orElseThrow(), key.pkcs8());
        assertThat(signing.sign(MESSAGE)).isNotEqualTo(signing.sign(MESSAGE));
    }

    @Test
    void keysTheJdkMadeCanBeRead() throws Exception {
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp256r1"));
        for (KeyPairGenerator generator : List.of(ec, KeyPairGenerator.getInstance("Ed25519"))) {
            java.security.KeyPair pair = generator.generateKeyPair();
            SoftKey key = SoftKey.fromPkcs8(Bytes.wrap(pair.getPrivate().getEncoded()));
            assertThat(key.spki()).isEqualTo(Bytes.wrap(pair.getPublic().getEncoded()));
        }
    }

    @Test
    void aKeyOnAnotherCurveIsRefused() throws Exception {
        KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
        p384.initialize(new ECGenParameterSpec("secp384r1"));
        Bytes pkcs8 = Bytes.wrap(p384.generateKeyPair().getPrivate().getEncoded());
        assertThatThrownBy(() -> SoftKey.fromPkcs8(pkcs8)).hasMessageContaining("not on P-256");
    }

    @Test
    void anRsaKeyBelow2048BitsIsRefused() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        Bytes pkcs8 = Bytes.wrap(rsa.generateKeyPair().getPrivate().getEncoded());
        assertThatThrownBy(() -> SoftKey.fromPkcs8(pkcs8)).hasMessageContaining("at least 2048");
    }

    @Test
    void bytesThatAreNoKeyAreRefused() {
        assertThatThrownBy(() -> SoftKey.fromPkcs8(Bytes.utf8("not a key")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PKCS#8");
    }

    @Test
    void aSignerIsRefusedForAnotherDeclaredKey() {
        SoftKey mine = SoftKey.newP256(new SecureRandom());
        SoftKey other = SoftKey.newP256(new SecureRandom());
        DeclaredKey declared = DeclaredKey.of(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256, other.spki());
        assertThatThrownBy(() -> new SoftSigner(declared, mine))
                .hasMessageContaining(declared.keyid().hex());
    }

    @Test
    void noneOfThemIsInstalledAmongTheProvidersOfTheJdk() {
        Providers.fast();
        assertThat(Security.getProvider("BC")).isNull();
        assertThat(Security.getProvider("Conscrypt")).isNull();
    }
}
