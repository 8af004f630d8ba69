package dev.terraseal.keys.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyChange;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyEvent.Action;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.LogBirth;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.local.LocalKeys;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChangeRulesTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SequenceNumber NEXT = new SequenceNumber(7);

    @TempDir
    private Path directory;

    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private LogDeclaration log;
    private ChangeRules rules;
    private KeyRing ring;

    @BeforeEach
    void begin() throws Exception {
        log = new LogBirth(Clock.systemUTC(), RANDOM)
                .begin(LogBirth.Request.in(directory))
                .declaration();
        ring = KeyRing.of(log);
        rules = new ChangeRules(ring, NEXT);
    }

    private static SoftSigner fresh(KeyUse use, Algorithm algorithm) {
        SoftKey key = SoftKey.generate(algorithm, RANDOM);
        return new SoftSigner(DeclaredKey.of(use, algorithm, key.spki()), key);
    }

    private static KeyChange bringing(Action action, DeclaredKey key) {
        return bringing(action, key, 0);
    }

    private static KeyChange bringing(Action action, DeclaredKey key, long from) {
        return new KeyChange(
                action, List.of(new KeyEvent.NewKey(key, new SequenceNumber(from))), List.of(), null, "rehearsal");
    }

    private KeyChange revoking(KeyUse use) {
        return new KeyChange(
                Action.REVOKE,
                List.of(),
                List.of(new KeyEvent.Revoked(log.keys(use).get(0).keyid(), null, "stolen")),
                null,
                "stolen");
    }

    private PendingChange pending(KeyChange change) {
        return new PendingChange(change.payload(log.genesis(), ring.previous()), List.of());
    }

    private void assertRefused(KeyChange change, String... saying) {
        assertThatThrownBy(() -> rules.require(change))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(saying);
    }

    @Test
    void whatWouldEndTheLogIsRefused() {
        assertRefused(revoking(KeyUse.ATTEST), "no attest key would be left", "rotate --use attest");
        assertRefused(revoking(KeyUse.LOG), "no log key would be left");
        assertRefused(revoking(KeyUse.AUTHORITY), "fewer than 1 authority keys would be left");
        assertThatCode(() -> rules.require(revoking(KeyUse.EXPORT))).doesNotThrowAnyException();
        assertThatCode(() -> rules.require(bringing(
                        Action.ROTATE,
                        fresh(KeyUse.ATTEST, Algorithm.RSASSA_PSS_SHA_256).key())))
                .doesNotThrowAnyException();
    }

    @Test
    void aRotationThatWouldEndTheSecondSignatureIsRefused() throws Exception {
        SoftSigner second = fresh(KeyUse.ATTEST, Algorithm.ML_DSA_65);
        SoftSigner authority =
                (SoftSigner) new LocalKeys(directory.resolve("authority")).signer(log.keys(KeyUse.AUTHORITY));
        KeyChange addition = bringing(Action.ADD, second.key());
        rules.require(addition);
        ring = ring.apply(
                pending(addition).signedBy(second).signedBy(authority).event(), new SequenceNumber(3), checker);
        rules = new ChangeRules(ring, NEXT);
        assertRefused(
                bringing(
                        Action.ROTATE,
                        fresh(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256).key()),
                "also " + second.key().keyid(),
                "key add",
                "key revoke");
        assertRefused(
                bringing(
                        Action.ROTATE, fresh(KeyUse.ATTEST, Algorithm.ML_DSA_65).key()),
                "also " + log.keys(KeyUse.ATTEST).get(0).keyid());
        rules.require(bringing(
                Action.ADD, fresh(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256).key()));
        rules.require(revoking(KeyUse.ATTEST));
    }

    /** The old key ends where the new one was to begin, and until there it hides that nothing would follow it. */
    @ParameterizedTest
    @EnumSource(
            value = KeyUse.class,
            names = {"ATTEST", "LOG", "AUTHORITY"})
    void aKeyThatIsToTakeOverIsNotRevokedBeforeAnotherIsThere(KeyUse use) throws Exception {
        Algorithm algorithm = use == KeyUse.ATTEST ? Algorithm.ECDSA_SHA_256 : Algorithm.ED25519_SHA_512;
        SoftSigner coming = fresh(use, algorithm);
        SoftSigner authority =
                (SoftSigner) new LocalKeys(directory.resolve("authority")).signer(log.keys(KeyUse.AUTHORITY));
        KeyChange rotation = bringing(Action.ROTATE, coming.key(), 20);
        rules.require(rotation);
        ring = ring.apply(
                pending(rotation).signedBy(coming).signedBy(authority).event(), new SequenceNumber(3), checker);
        rules = new ChangeRules(ring, NEXT);
        KeyChange revocation = revoking(coming.key(), null);
        assertRefused(
                revocation,
                "from entry 20 on, where " + log.keys(use).get(0).keyid().hex() + " ends",
                use == KeyUse.AUTHORITY ? "key add --use authority" : "key rotate --use " + use.text());
        assertRefused(revoking(log.keys(use).get(0), null), "from entry 8 on, and");

        SoftSigner sooner = fresh(use, algorithm);
        KeyChange another = bringing(Action.ROTATE, sooner.key(), 15);
        rules.require(another);
        ring = ring.apply(pending(another).signedBy(sooner).signedBy(authority).event(), NEXT, checker);
        rules = new ChangeRules(ring, NEXT.next());
        rules.require(revocation);
    }

    /** Another reading of the same change would let through what ends the log, or refuse what does not. */
    @Test
    void aRehearsedChangeIsWhatTheLogMakesOfIt() throws Exception {
        SoftSigner authority =
                (SoftSigner) new LocalKeys(directory.resolve("authority")).signer(log.keys(KeyUse.AUTHORITY));
        SoftSigner early = fresh(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256);
        SoftSigner late = fresh(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256);
        SoftSigner last = fresh(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256);
        List<KeyChange> changes = List.of(
                bringing(Action.ADD, late.key(), 30),
                bringing(Action.ROTATE, early.key(), 12),
                bringing(Action.ROTATE, last.key(), 30),
                revoking(late.key(), null),
                revoking(early.key(), 4L));
        for (int i = 0; i < changes.size(); i++) {
            KeyChange change = changes.get(i);
            Rehearsal rehearsal = new Rehearsal(ring, change, i);
            PendingChange signed = pending(change);
            for (SoftSigner each : List.of(early, late, last, authority)) {
                signed = signed.signedBy(each);
            }
            ring = ring.apply(signed.event(), new SequenceNumber(i), checker);
            for (long index = i + 1; index < 40; index++) {
                assertThat(rehearsal.inForce(KeyUse.ATTEST, index))
                        .as("change %s at %s", i, index)
                        .containsExactlyInAnyOrderElementsOf(ring.inForce(KeyUse.ATTEST, new SequenceNumber(index)));
            }
        }
    }

    @Test
    void aSecondRevocationThatSaysNoMoreThanTheFirstIsRefused() throws Exception {
        DeclaredKey key = log.keys(KeyUse.EXPORT).get(0);
        SoftSigner authority =
                (SoftSigner) new LocalKeys(directory.resolve("authority")).signer(log.keys(KeyUse.AUTHORITY));
        ring = ring.apply(pending(revoking(key, 4L)).signedBy(authority).event(), new SequenceNumber(5), checker);
        rules = new ChangeRules(ring, NEXT);
        for (Long from : new Long[] {null, 4L, 6L}) {
            assertRefused(revoking(key, from), "compromised from entry 4", "no later revocation lifts that", "below 4");
        }
        assertThatCode(() -> rules.require(revoking(key, 3L))).doesNotThrowAnyException();
    }

    private static KeyChange revoking(DeclaredKey key, @Nullable Long from) {
        SequenceNumber compromised = from == null ? null : new SequenceNumber(from);
        return new KeyChange(
                Action.REVOKE,
                List.of(),
                List.of(new KeyEvent.Revoked(key.keyid(), compromised, "stolen")),
                null,
                "stolen");
    }

    @Test
    void keysThatCannotServeAreRefused() {
        assertRefused(
                bringing(
                        Action.ROTATE,
                        fresh(KeyUse.LOG, Algorithm.ECDSA_SHA_256).key()),
                "give an Ed25519 key");
        assertRefused(
                bringing(
                        Action.ADD,
                        fresh(KeyUse.EXPORT, Algorithm.ED25519_SHA_512).key()),
                "openssl dgst -verify");
        assertRefused(
                bringing(
                        Action.ADD,
                        fresh(KeyUse.WITNESS, Algorithm.ED25519_SHA_512).key()),
                "trust file");
        assertRefused(bringing(Action.ADD, log.keys(KeyUse.ATTEST).get(0)), "already");
        DeclaredKey unknown = fresh(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256).key();
        KeyChange revocation = new KeyChange(
                Action.REVOKE, List.of(), List.of(new KeyEvent.Revoked(unknown.keyid(), null, "x")), null, "x");
        assertRefused(revocation, "never declared");
    }

    @Test
    void aChangeGoesThroughAFileAndNeedsTheAuthorityAndTheNewKey() throws Exception {
        SoftSigner next = fresh(KeyUse.ATTEST, Algorithm.RSASSA_PSS_SHA_256);
        PendingChange change = pending(bringing(Action.ROTATE, next.key()));
        assertThatThrownBy(() -> rules.requireAuthorised(change, checker))
                .isInstanceOf(UnauthorisedException.class)
                .hasMessageContaining("nobody signed it");
        PendingChange asked = PendingChange.parse(change.signedBy(next).file());
        assertThatThrownBy(() -> rules.requireAuthorised(asked, checker))
                .isInstanceOf(UnauthorisedException.class)
                .hasMessageContaining("0 valid authority signatures; 1 are needed");
        SoftSigner authority =
                (SoftSigner) new LocalKeys(directory.resolve("authority")).signer(log.keys(KeyUse.AUTHORITY));
        PendingChange whole = PendingChange.parse(asked.signedBy(authority).file());
        rules.requireAuthorised(whole, checker);
        assertThat(whole.signedBy(authority).signatures()).hasSize(2);
        assertThatThrownBy(() -> rules.requireAuthorised(
                        pending(bringing(Action.ROTATE, next.key())).signedBy(authority), checker))
                .isInstanceOf(UnauthorisedException.class)
                .hasMessageContaining("did not sign it");
    }

    @Test
    void itsEventIsTheSameHoweverOftenItIsSent() throws Exception {
        SoftSigner next = fresh(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256);
        PendingChange change = pending(bringing(Action.ADD, next.key())).signedBy(next);
        Json.Obj event = change.eventJson(Timestamp.parse("2026-11-22T01:02:03.004Z"));
        assertThat(event.string("stream")).isEqualTo("_keys");
        assertThat(event.string("id")).isEqualTo(change.id().value());
        assertThat(event.array("subjects").objects().get(0).object("digest").string("sha256"))
                .isEqualTo(next.key().keyid().hex());
        assertThat(KeyEvent.fromBody(event.object("predicate"))).isEqualTo(change.event());
        assertThatThrownBy(() -> PendingChange.parse(Bytes.utf8("{\"payload\":\"\",\"signatures\":[]}")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
