package dev.terraseal.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class DsseTest {
    private static final KeyId KEY = KeyId.of(Bytes.utf8("k"));

    @Test
    void preAuthenticationEncodingIsThatOfTheSpecification() {
        assertThat(Dsse.pae("http://example.com/HelloWorld", Bytes.utf8("hello world"))
                        .utf8())
                .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        assertThat(Dsse.pae("", Bytes.EMPTY).utf8()).isEqualTo("DSSEv1 0  0 ");
        assertThat(Dsse.pae("é", Bytes.utf8("x")).utf8()).isEqualTo("DSSEv1 2 é 1 x");
    }

    /** The published example of dsse/protocol.md: P-256 point and signature as r ‖ s, here as SPKI and DER. */
    @Test
    void thePublishedExampleSignatureVerifies() throws Exception {
        String x = new BigInteger("46950820868899156662930047687818585632848591499744589407958293238635476079160")
                .toString(16);
        String y = new BigInteger("5640078356564379163099075877009565129882514886557779369047442380624545832820")
                .toString(16);
        Bytes spki = Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"
                + "0".repeat(64 - x.length()) + x + "0".repeat(64 - y.length()) + y);
        Bytes rs = Bytes.fromBase64(
                "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==");
        Bytes der = der(rs);
        DeclaredKey key = DeclaredKey.of(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256, spki);
        Bytes pae = Dsse.pae("http://example.com/HelloWorld", Bytes.utf8("hello world"));
        SignatureChecker checker = new SignatureChecker(null);
        assertThat(checker.verify(key, pae, der)).isTrue();
        assertThat(checker.verify(key, Bytes.concat(pae, Bytes.utf8("!")), der)).isFalse();
        assertThat(checker.verify(key, pae, rs))
                .as("r ‖ s is not the form we promise")
                .isFalse();
    }

    private static Bytes der(Bytes rs) {
        byte[] r = new BigInteger(1, rs.slice(0, 32).toByteArray()).toByteArray();
        byte[] s = new BigInteger(1, rs.slice(32, 64).toByteArray()).toByteArray();
        byte[] head = {0x30, (byte) (r.length + s.length + 4), 2, (byte) r.length};
        byte[] middle = {2, (byte) s.length};
        return Bytes.concat(Bytes.copyOf(head), Bytes.copyOf(r), Bytes.copyOf(middle), Bytes.copyOf(s));
    }

    @Test
    void anEnvelopeIsReadBackByteForByteAndCountsKeysOnce() {
        Envelope envelope =
                new Envelope(Dsse.STATEMENT, Bytes.utf8("{}"), List.of(new DsseSignature(KEY, Bytes.utf8("s"))));
        assertThat(Envelope.parse(envelope.bytes())).isEqualTo(envelope);
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> new Envelope(
                        Dsse.STATEMENT,
                        Bytes.EMPTY,
                        List.of(new DsseSignature(KEY, Bytes.utf8("a")), new DsseSignature(KEY, Bytes.utf8("b")))));
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> new Envelope(Dsse.STATEMENT, Bytes.EMPTY, List.of()));
    }

    @Test
    void aBatchCoversItsEntriesAndNoOthers() {
        Batch batch = new Batch(new LogOrigin("a.b"), Digest.of(), new SequenceNumber(5), 3, Digest.of());
        assertThat(Batch.parse(batch.payload())).isEqualTo(batch);
        assertThat(List.of(4, 5, 7, 8).stream()
                        .map(n -> batch.covers(new SequenceNumber(n)))
                        .toList())
                .containsExactly(false, true, true, false);
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(
                        () -> new Batch(new LogOrigin("a.b"), Digest.of(), SequenceNumber.ZERO, 65_537, Digest.of()));
    }
}
