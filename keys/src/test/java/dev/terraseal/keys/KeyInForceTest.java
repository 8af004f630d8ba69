package dev.terraseal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyChange;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.change.PendingChange;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.keys.local.LocalKeys;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyInForceTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path directory;

    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private final SoftSigner next = signer(SoftKey.newP256(RANDOM));
    private LogDeclaration log;
    private LocalKeys local;

    @BeforeEach
    void begin() throws Exception {
        log = new LogBirth(Clock.systemUTC(), RANDOM)
                .begin(LogBirth.Request.in(directory))
                .declaration();
        local = new LocalKeys(directory.resolve("keys"));
    }

    private static SoftSigner signer(SoftKey key) {
        return new SoftSigner(DeclaredKey.of(KeyUse.ATTEST, key.algorithms().get(0), key.spki()), key);
    }

    private static SequenceNumber at(long index) {
        return new SequenceNumber(index);
    }

    /** To {@link #next} at entry 10. */
    private KeyRing rotated() throws Exception {
        KeyChange change = new KeyChange(
                KeyEvent.Action.ROTATE, List.of(new KeyEvent.NewKey(next.key(), at(10))), List.of(), null, "yearly");
        KeyRing ring = KeyRing.of(log);
        PendingChange pending = new PendingChange(change.payload(log.genesis(), ring.previous()), List.of())
                .signedBy(next)
                .signedBy(new LocalKeys(directory.resolve("authority")).signer(log.keys(KeyUse.AUTHORITY)));
        return ring.apply(pending.event(), at(5), checker);
    }

    @Test
    void theKeyChangesWhereTheLogSaysAndIsLookedForOnceASpan() throws Exception {
        local.store(List.of(next));
        List<List<DeclaredKey>> asked = new ArrayList<>();
        KeyInForce keys = new KeyInForce(KeyUse.ATTEST, declared -> {
            asked.add(declared);
            return local.signer(declared);
        });
        KeyRing ring = rotated();
        DeclaredKey old = log.keys(KeyUse.ATTEST).get(0);
        for (long index = 0; index < 20; index++) {
            assertThat(keys.at(ring, at(index)).key()).isEqualTo(index < 10 ? old : next.key());
        }
        assertThat(asked).containsExactly(List.of(old), List.of(next.key()));
    }

    @Test
    void aKeyOfEachKindSignsAndEitherCanBeReplaced() throws Exception {
        SoftSigner lattice = signer(SoftKey.generate(Algorithm.ML_DSA_65, RANDOM));
        SoftSigner nextLattice = signer(SoftKey.generate(Algorithm.ML_DSA_65, RANDOM));
        local.store(List.of(next, lattice, nextLattice));
        DeclaredKey old = log.keys(KeyUse.ATTEST).get(0);
        KeyRing ring = KeyRing.of(log);
        int index = 0;
        for (SoftSigner added : List.of(lattice, next, nextLattice)) {
            KeyChange change = new KeyChange(
                    KeyEvent.Action.ADD, List.of(new KeyEvent.NewKey(added.key(), at(0))), List.of(), null, "second");
            PendingChange pending = new PendingChange(change.payload(log.genesis(), ring.previous()), List.of())
                    .signedBy(added)
                    .signedBy(new LocalKeys(directory.resolve("authority")).signer(log.keys(KeyUse.AUTHORITY)));
            ring = ring.apply(pending.event(), at(index++), checker);
        }
        KeyInForce keys = new KeyInForce(KeyUse.ATTEST, local::signer);
        List<List<DeclaredKey>> signing = List.of(
                List.of(old),
                List.of(old, lattice.key()),
                List.of(next.key(), lattice.key()),
                List.of(next.key(), nextLattice.key()));
        for (int entry = 0; entry < 4; entry++) {
            assertThat(keys.allAt(ring, at(entry)))
                    .extracting(MessageSigner::key)
                    .as("entry " + entry)
                    .containsExactlyElementsOf(signing.get(entry));
            assertThat(keys.at(ring, at(entry)).key())
                    .isEqualTo(signing.get(entry).get(0));
        }
    }

    @Test
    void aKeyThatIsNotThereIsNamedWithTheEntryItIsNeededFor() throws Exception {
        KeyRing ring = rotated();
        KeyInForce keys = new KeyInForce(KeyUse.ATTEST, local::signer);
        keys.at(ring, at(9));
        assertThatThrownBy(() -> keys.at(ring, at(10)))
                .isInstanceOf(KeyUnavailableException.class)
                .hasMessageContainingAll(
                        "entry 10 is to be signed by attest key",
                        next.key().keyid().hex(),
                        "none of the declared keys");
        assertThatThrownBy(() -> KeyInForce.only(next).at(ring, at(9)))
                .isInstanceOf(KeyUnavailableException.class)
                .hasMessageContaining("the only key here is");
    }

    @Test
    void severalPlacesAreLookedThroughForTheNewestKey() throws Exception {
        LocalKeys elsewhere = new LocalKeys(directory.resolve("new"));
        elsewhere.store(List.of(next));
        KeySources sources = new KeySources(directory.resolve("keys"), KmsConnection.standard(), RANDOM);
        List<KeyLocator> places = KeyLocator.parseAll("local, " + elsewhere.fileOf(next.key()));
        try (KeySource source = sources.open(places)) {
            KeyInForce keys = new KeyInForce(KeyUse.ATTEST, source::signer);
            KeyRing ring = rotated();
            assertThat(keys.at(ring, at(9)).key())
                    .isEqualTo(log.keys(KeyUse.ATTEST).get(0));
            assertThat(keys.at(ring, at(10)).key()).isEqualTo(next.key());
            assertThatThrownBy(() -> source.declaration(KeyUse.ATTEST, null))
                    .isInstanceOf(KeyUnavailableException.class)
                    .hasMessageContaining("a log begins with one attest key, and 2 places were given");
            Files.delete(elsewhere.fileOf(next.key()));
            KeyInForce again = new KeyInForce(KeyUse.ATTEST, source::signer);
            assertThatThrownBy(() -> again.at(ring, at(10)))
                    .isInstanceOf(KeyUnavailableException.class)
                    .hasMessageContainingAll("none of the declared keys is in", "does not exist");
        }
    }

    @Test
    void localKeysOfEveryKindAreMadeAndSign() throws Exception {
        for (Algorithm algorithm : Algorithm.values()) {
            SoftKey made = SoftKey.generate(algorithm, RANDOM);
            DeclaredKey key = DeclaredKey.of(KeyUse.ATTEST, algorithm, made.spki());
            var message = dev.terraseal.core.bytes.Bytes.utf8("what was applied");
            assertThat(checker.verify(key, message, made.sign(algorithm, message)))
                    .isTrue();
        }
    }

    /** A place that does not answer, among others that lack the key. */
    private static KeySource away() {
        return new KeySource() {
            @Override
            public DeclaredKey declaration(KeyUse use, @Nullable Algorithm algorithm) throws KeyUnavailableException {
                throw KeyUnavailableException.passing("no answer", null);
            }

            @Override
            public MessageSigner signer(List<DeclaredKey> declared) throws KeyUnavailableException {
                throw KeyUnavailableException.passing("no answer", null);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Test
    void aPlaceThatDoesNotAnswerMakesAMissingKeyPassAndHidesNoneThatIsThere() throws Exception {
        KeyRing ring = rotated();
        for (List<KeySource> places : List.of(List.of(away(), local), List.of(local, away()))) {
            KeyInForce keys = new KeyInForce(KeyUse.ATTEST, new SeveralKeys(places)::signer);
            assertThat(keys.at(ring, at(9)).key())
                    .isEqualTo(log.keys(KeyUse.ATTEST).get(0));
            assertThatThrownBy(() -> keys.at(ring, at(10)))
                    .isInstanceOfSatisfying(
                            KeyUnavailableException.class,
                            missing -> assertThat(missing.retryable()).isTrue())
                    .hasMessageContainingAll("entry 10", "does not answer", "no answer", "none of the declared keys");
        }
        assertThatThrownBy(() -> new KeyInForce(KeyUse.ATTEST, local::signer).at(ring, at(10)))
                .isInstanceOfSatisfying(
                        KeyUnavailableException.class,
                        missing -> assertThat(missing.retryable()).isFalse());
    }
}
