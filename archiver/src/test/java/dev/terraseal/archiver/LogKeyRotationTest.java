package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.Validity;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.archive.ArchiveInvariants;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints are signed by the log key in force at their newest entry, whoever starts when with which key. */
class LogKeyRotationTest {
    /** The entry that rotates, of {@link #log}. */
    private static final int ROTATION = 3;

    @TempDir
    private Path directory;

    private final LogFixture log = rotated();
    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private ArchiveStore store;
    private ArchiverFixture fixture;

    private static LogFixture rotated() {
        LogFixture log = new LogFixture("terraseal.local/logkeys");
        log.apply("a", 1, 2).apply("a", 2, 3).heads().rotateLogKey();
        return log.apply("a", 3, 4)
                .apply("b", 1, 2)
                .heads()
                .rotateLogKey()
                .apply("b", 2, 3)
                .heads();
    }

    @BeforeEach
    void begin() throws Exception {
        store = DirectoryStore.open(directory);
        fixture = new ArchiverFixture(log).born(store);
    }

    @Test
    void everyCheckpointIsSignedByTheKeyInForceAtItsNewestEntry() throws Exception {
        for (int perSegment = 1; perSegment <= 5; perSegment++) {
            store = DirectoryStore.open(directory.resolve("of-" + perSegment));
            fixture = new ArchiverFixture(log).born(store);
            fixture.archive(store, ArchiverFixture.limits(perSegment));
            fixture.checkComplete(store, perSegment + " a segment");
        }
        for (TestKey key : log.logKeys().values()) {
            assertThat(store.read("keys/" + key.key().keyid().hex() + ".pem", Validity.any()))
                    .as("the public half of " + key.key().keyid())
                    .isPresent();
        }
        ArchivedKeys.Found found = new ArchivedKeys(store, log.log(), checker).read();
        assertThat(found.history().events()).hasSize(2);
        assertThat(found.ring().declared(KeyUse.LOG)).hasSize(3);
    }

    @Test
    void withoutTheNewKeyNothingHalfDoneIsLeftAndTheNextStartGoesOn() throws Exception {
        TestKey missing = fixture.logKeys.remove(1);
        assertThatThrownBy(() -> fixture.archive(store, ArchiverFixture.limits(1)))
                .isInstanceOf(ArchiverStoppedException.class)
                .hasMessageContainingAll(
                        "the checkpoint of size 5 cannot be signed",
                        "log key " + missing.key().keyid(),
                        "separated by commas");
        ArchiverFixture.checkAll(store, "stopped");
        assertThat(ArchiveInvariants.checkpointSize(ArchiverFixture.view(store)))
                .isEqualTo(ROTATION + 1);
        fixture.logKeys.add(missing);
        fixture.archive(store, ArchiverFixture.limits(2));
        fixture.checkComplete(store, "with the key");
    }

    @Test
    void anArchiverThatOnlyHasTheNewestKeyTakesTheArchiveUp() throws Exception {
        List<TestKey> keys = List.copyOf(fixture.logKeys);
        fixture.archive(store, ArchiverFixture.limits(2));
        LogFixture longer = log.apply("c", 1, 2).heads();
        ArchiverFixture later = new ArchiverFixture(longer);
        later.logKeys.retainAll(List.of(keys.get(2)));
        later.archive(store, ArchiverFixture.limits(3));
        later.checkComplete(store, "by the newest key");
    }

    @Test
    void aCheckpointByARetiredKeyIsNone() throws Exception {
        TestKey retired = fixture.logKeys.get(0);
        var leaves = log.entries().subList(0, ROTATION + 3).stream()
                .map(FixtureEntry::entryHash)
                .map(Merkle::leafHash)
                .toList();
        var planted = NoteSigner.sign(new Checkpoint(log.log().origin(), leaves.size(), Merkle.root(leaves)), retired)
                .bytes();
        KeyRing ring = KeyRing.of(log.log());
        assertThat(new LogNotes(ring, checker).open(planted)).isPresent();
        fixture.archive(store, ArchiverFixture.limits(4));
        KeyRing now = new ArchivedKeys(store, log.log(), checker).read().ring();
        assertThat(new LogNotes(now, checker).open(planted)).isEmpty();
    }

    @Test
    void aKeyServiceThatDoesNotAnswerIsWaitedFor() throws Exception {
        fixture.keyServiceAway = 30;
        fixture.archive(store, ArchiverFixture.limits(1));
        assertThat(fixture.keyServiceAway).isZero();
        assertThat(fixture.progress.waiting()).isNull();
        fixture.checkComplete(store, "after the key service came back");
    }
}
