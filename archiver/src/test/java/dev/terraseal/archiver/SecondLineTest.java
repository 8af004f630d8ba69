package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.Validity;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.log.LogFixture;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints under a second key of the log, from the entry on at which it is in force. */
class SecondLineTest {
    /** The entry that brings the second key. */
    private static final int ADDED = 3;

    /** FIPS 204, table 2. */
    private static final int ML_DSA_44_SIGNATURE = 2_420;

    @TempDir
    private Path directory;

    private final LogFixture log = new LogFixture("terraseal.local/second")
            .apply("a", 1, 2)
            .apply("a", 2, 3)
            .heads()
            .addSecondKey(KeyUse.LOG)
            .apply("b", 1, 2)
            .apply("b", 2, 3)
            .heads();
    private final SignatureChecker checker = new SignatureChecker(null);
    private ArchiveStore store;
    private ArchiverFixture fixture;

    @BeforeEach
    void begin() throws Exception {
        store = DirectoryStore.open(directory);
        fixture = new ArchiverFixture(log).born(store);
    }

    private VerifierKey key() {
        return VerifierKey.secondOfLog(log.log().origin(), log.secondLogKey().key());
    }

    private int seconds(Bytes note) throws Exception {
        return Checkpoint.secondLines(SignedNote.parse(note), List.of(key()), checker);
    }

    private List<String> kept(long size) throws Exception {
        return store.names("cosignatures/" + size + "/", "", 100);
    }

    @Test
    void everyHeadThatIsAnnouncedCarriesIt() throws Exception {
        fixture.logKeys.add(log.secondLogKey());
        fixture.archive(store, ArchiverFixture.limits(1));
        fixture.checkComplete(store, "with a second key");
        for (Bytes note : fixture.feed.notes) {
            long size = Checkpoint.parse(SignedNote.parse(note).text()).size();
            int expected = size > ADDED + 1 ? 1 : 0;
            assertThat(seconds(note)).as("size " + size).isEqualTo(expected);
            assertThat(kept(size)).hasSize(expected);
            Bytes own = store.read("checkpoints/" + size, Validity.any())
                    .orElseThrow()
                    .content();
            assertThat(own)
                    .as("the note that is stamped")
                    .isEqualTo(SignedNote.parse(note).firstLineOnly().bytes());
        }
        assertThat(seconds(store.readNewest("checkpoint").orElseThrow())).isEqualTo(1);
    }

    @Test
    void afterARestartTheOneThatWasMadeIsAnnouncedAgain() throws Exception {
        fixture.logKeys.add(log.secondLogKey());
        fixture.archive(store);
        Bytes before = fixture.feed.newest().orElseThrow();
        fixture.now = fixture.now.plusSeconds(60);
        fixture.archive(store);
        assertThat(fixture.feed.newest()).contains(before);
        assertThat(kept(log.size())).hasSize(1);
    }

    /** Whoever may write to the store knows the names, and the next sizes. */
    @Test
    void aLineThatWasPutThereAndDoesNotHoldIsNotAnnounced() throws Exception {
        long size = log.size();
        SignatureLine planted =
                new SignatureLine(key().name(), key().keyId(), Bytes.wrap(new byte[Long.BYTES + ML_DSA_44_SIGNATURE]));
        SignatureLine ofAnotherSize = NoteSigner.signSecond(
                Checkpoint.parse(log.checkpoint(size - 1).text()), fixture.now, log.secondLogKey());
        plant(size, 0, planted);
        plant(size, 1, ofAnotherSize);
        fixture.logKeys.add(log.secondLogKey());
        fixture.archive(store);
        assertThat(seconds(fixture.feed.newest().orElseThrow())).isEqualTo(1);
        assertThat(kept(size)).as("the two planted ones and the log's own").hasSize(3);
        fixture.now = fixture.now.plusSeconds(60);
        fixture.archive(store);
        assertThat(seconds(fixture.feed.newest().orElseThrow())).isEqualTo(1);
        assertThat(kept(size)).as("found again, not made again").hasSize(3);
    }

    private void plant(long size, long time, SignatureLine line) throws Exception {
        Bytes content = Bytes.utf8(line.text() + "\n");
        String name = "cosignatures/" + size + "/" + time + "-" + key().keyId().hex();
        store.keep(name, content, fixture.now.plusSeconds(1_000_000), Validity.any());
    }

    @Test
    void withoutItsPrivateKeyNoCheckpointIsMadeAndNothingIsHalfDone() throws Exception {
        assertThatThrownBy(() -> fixture.archive(store, ArchiverFixture.limits(1)))
                .isInstanceOf(ArchiverStoppedException.class)
                .hasMessageContainingAll(
                        "the checkpoint of size " + (ADDED + 2),
                        "log key " + log.secondLogKey().key().keyid());
        ArchiverFixture.checkAll(store, "stopped");
        fixture.logKeys.add(log.secondLogKey());
        fixture.archive(store);
        fixture.checkComplete(store, "with the key");
    }

    @Test
    void witnessesLinesComeBehindIt() throws Exception {
        SecondLine second = new SecondLine(store, java.time.Duration.ofDays(1), () -> fixture.now, checker);
        SignedNote own = log.checkpoint(log.size());
        second.make(Checkpoint.parse(own.text()), List.of(log.logKey(), log.secondLogKey()));
        SignatureLine witness = new SignatureLine("w.example", key().keyId(), Bytes.wrap(new byte[72]));
        SignedNote beside = second.beside(own.with(witness), log.size());
        assertThat(beside.lines()).hasSize(3).element(2).isEqualTo(witness);
        assertThat(seconds(beside.bytes())).isEqualTo(1);
        assertThat(second.beside(own, log.size() - 1)).as("of another size").isEqualTo(own);
    }
}
