package dev.terraseal.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing.Judgement;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRingTest {
    private final TestKeys attest = TestKeys.of(KeyUse.ATTEST);
    private final TestKeys next = TestKeys.of(KeyUse.ATTEST);
    private final TestKeys log = TestKeys.of(KeyUse.LOG);
    private final TestKeys first = TestKeys.of(KeyUse.AUTHORITY);
    private final TestKeys second = TestKeys.of(KeyUse.AUTHORITY);
    private final LogDeclaration declaration = LogDeclaration.of(TestKeys.fields(2, attest, log, first, second));
    private final SignatureChecker checker = new SignatureChecker(null);
    private final KeyRing ring = KeyRing.of(declaration);

    private Json.Obj rotation(Digest previous, long from) {
        return Json.obj()
                .put("action", "rotate")
                .put("genesis", declaration.genesis())
                .put("previous", previous)
                .put("keys", Json.arr(List.of(TestKeys.newKey(next, from))))
                .put("reason", "yearly")
                .build();
    }

    private Json.Obj revocation(Digest previous, Long compromisedFrom) {
        Json.Obj revoked = Json.obj()
                .put("keyid", next.declared().keyid().hex())
                .put("reason", "stolen")
                .putIfPresent("compromisedFrom", compromisedFrom)
                .build();
        return Json.obj()
                .put("action", "revoke")
                .put("genesis", declaration.genesis())
                .put("previous", previous)
                .put("keys", Json.arr(List.of()))
                .put("reason", "stolen")
                .put("revoke", Json.arr(List.of(revoked)))
                .build();
    }

    private static SequenceNumber at(long index) {
        return new SequenceNumber(index);
    }

    @Test
    void aRotationRetiresTheOldKeyWhereTheNewOneBegins() throws Exception {
        KeyRing after =
                ring.apply(TestKeys.event(rotation(declaration.genesis(), 20), first, second, next), at(10), checker);
        assertThat(after.judge(KeyUse.ATTEST, attest.declared().keyid(), at(19)))
                .isEqualTo(Judgement.VALID_KEY_LATER_RETIRED);
        assertThat(after.judge(KeyUse.ATTEST, attest.declared().keyid(), at(20)))
                .isEqualTo(Judgement.REFUSED);
        assertThat(after.judge(KeyUse.ATTEST, next.declared().keyid(), at(19))).isEqualTo(Judgement.REFUSED);
        assertThat(after.judge(KeyUse.ATTEST, next.declared().keyid(), at(20))).isEqualTo(Judgement.VALID);
        assertThat(after.judge(KeyUse.LOG, next.declared().keyid(), at(20)))
                .as("another use")
                .isEqualTo(Judgement.REFUSED);
    }

    @Test
    void aKeyIsNeverInForceBeforeTheLogSaysSo() throws Exception {
        KeyRing after =
                ring.apply(TestKeys.event(rotation(declaration.genesis(), 0), first, second, next), at(10), checker);
        assertThat(after.judge(KeyUse.ATTEST, next.declared().keyid(), at(10))).isEqualTo(Judgement.REFUSED);
        assertThat(after.judge(KeyUse.ATTEST, attest.declared().keyid(), at(10)))
                .isEqualTo(Judgement.VALID_KEY_LATER_RETIRED);
        assertThat(after.judge(KeyUse.ATTEST, next.declared().keyid(), at(11))).isEqualTo(Judgement.VALID);
    }

    @Test
    void aRevocationForCompromiseMakesLaterEntriesSuspectAndThenRefused() throws Exception {
        KeyEvent rotation = TestKeys.event(rotation(declaration.genesis(), 20), first, second, next);
        KeyEvent revocation = TestKeys.event(revocation(rotation.payloadDigest(), 25L), first, second);
        KeyRing after = ring.apply(rotation, at(10), checker).apply(revocation, at(30), checker);
        assertThat(after.judge(KeyUse.ATTEST, next.declared().keyid(), at(24)))
                .isEqualTo(Judgement.VALID_KEY_LATER_RETIRED);
        assertThat(after.judge(KeyUse.ATTEST, next.declared().keyid(), at(25))).isEqualTo(Judgement.SUSPECT);
        assertThat(after.judge(KeyUse.ATTEST, next.declared().keyid(), at(30))).isEqualTo(Judgement.SUSPECT);
        assertThat(after.judge(KeyUse.ATTEST, next.declared().keyid(), at(31))).isEqualTo(Judgement.REFUSED);
    }

    @Test
    void aSecondRevocationNeverLiftsWhatTheFirstMadeSuspect() throws Exception {
        KeyEvent rotation = TestKeys.event(rotation(declaration.genesis(), 20), first, second, next);
        KeyRing rotated = ring.apply(rotation, at(10), checker);
        for (Long[] each : new Long[][] {{25L, null}, {25L, 28L}, {null, 25L}, {28L, 25L}, {25L, 25L}}) {
            KeyRing after = rotated;
            for (int i = 0; i < each.length; i++) {
                KeyEvent revocation = TestKeys.event(revocation(after.previous(), each[i]), first, second);
                after = after.apply(revocation, at(30 + i), checker);
            }
            assertThat(after.compromisedFrom(next.declared().keyid())).hasValue(25);
            assertThat(after.judge(KeyUse.ATTEST, next.declared().keyid(), at(24)))
                    .isEqualTo(Judgement.VALID_KEY_LATER_RETIRED);
            assertThat(after.judge(KeyUse.ATTEST, next.declared().keyid(), at(25)))
                    .isEqualTo(Judgement.SUSPECT);
        }
    }

    @Test
    void whatIsNotAuthorisedIsNeverInForce() throws Exception {
        Digest genesis = declaration.genesis();
        KeyEvent good = TestKeys.event(rotation(genesis, 20), first, second, next);
        List<KeyEvent> bad = List.of(
                TestKeys.event(rotation(genesis, 20), first, next),
                TestKeys.event(rotation(genesis, 20), first, attest, next),
                TestKeys.event(rotation(genesis, 20), first, second),
                TestKeys.event(rotation(Digest.of(), 20), first, second, next),
                TestKeys.event(revocation(genesis, null), first, second));
        for (KeyEvent event : bad) {
            assertThatExceptionOfType(UnauthorisedException.class).isThrownBy(() -> ring.apply(event, at(1), checker));
        }
        KeyRing after = ring.apply(good, at(1), checker);
        assertThatExceptionOfType(UnauthorisedException.class)
                .as("replayed")
                .isThrownBy(() -> after.apply(good, at(2), checker));
    }

    @Test
    void theNewestKeySignsAndOneThatIsCompromisedLast() throws Exception {
        Json.Obj addition = Json.obj()
                .put("action", "add")
                .put("genesis", declaration.genesis())
                .put("previous", declaration.genesis())
                .put("keys", Json.arr(List.of(TestKeys.newKey(next, 20))))
                .put("reason", "second site")
                .build();
        KeyRing added = ring.apply(TestKeys.event(addition, first, second, next), at(10), checker);
        assertThat(added.signing(KeyUse.ATTEST, at(19))).containsExactly(attest.declared());
        assertThat(added.signing(KeyUse.ATTEST, at(20))).containsExactly(next.declared(), attest.declared());
        assertThat(added.changesAt(KeyUse.ATTEST, at(10))).isEqualTo(20);
        assertThat(added.changesAt(KeyUse.ATTEST, at(20))).isEqualTo(Long.MAX_VALUE);
        KeyRing revoked =
                added.apply(TestKeys.event(revocation(added.previous(), 25L), first, second), at(30), checker);
        assertThat(revoked.signing(KeyUse.ATTEST, at(24))).containsExactly(next.declared(), attest.declared());
        assertThat(revoked.signing(KeyUse.ATTEST, at(25))).containsExactly(attest.declared(), next.declared());
        assertThat(revoked.signing(KeyUse.ATTEST, at(31))).containsExactly(attest.declared());
        assertThat(revoked.changesAt(KeyUse.ATTEST, at(20))).isEqualTo(31);
        assertThat(revoked.declarations()).extracting(KeyRing.Declaration::from).containsExactly(0L, 0L, 0L, 0L, 20L);
    }

    @Test
    void aLogKeyThatSignsNoNotesIsNotAuthorised() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        Bytes spki = Bytes.copyOf(generator.generateKeyPair().getPublic().getEncoded());
        DeclaredKey p256 = DeclaredKey.of(KeyUse.LOG, Algorithm.ECDSA_SHA_256, spki);
        KeyChange change = new KeyChange(
                KeyEvent.Action.ROTATE, List.of(new KeyEvent.NewKey(p256, at(0))), List.of(), null, "yearly");
        Json.Obj payload = CanonicalJson.parseObject(change.payload(declaration.genesis(), declaration.genesis()));
        assertThatExceptionOfType(UnauthorisedException.class)
                .isThrownBy(() -> ring.apply(TestKeys.event(payload, first, second), at(10), checker))
                .withMessageContaining("checkpoints are notes");
    }
}
