package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.archiver.FaultyStore.Crash;
import dev.terraseal.archiver.FaultyStore.Mode;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.archive.ArchiveInvariants;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the archiver refuses, what it adopts, and where it goes on. */
class ArchiverTest {
    @TempDir
    private Path directory;

    private ArchiveStore store;
    private ArchiverFixture fixture;

    @BeforeEach
    void begin() throws Exception {
        store = DirectoryStore.open(directory);
        fixture = new ArchiverFixture(LogFixture.small()).born(store);
    }

    private AttestationRecord change(AttestationRecord record, Bytes statement, List<DsseSignature> signatures) {
        return new AttestationRecord(
                record.log(),
                record.sequence(),
                record.stream(),
                record.predicateType(),
                Digest.of(statement),
                statement,
                signatures,
                null);
    }

    private void assertStops(String... messages) {
        assertThatThrownBy(() -> fixture.archive(store))
                .isInstanceOf(ArchiverStoppedException.class)
                .satisfies(stopped -> assertThat(stopped.getMessage()).contains(messages));
    }

    private long archived() throws Exception {
        return ArchiveInvariants.statements(ArchiverFixture.view(store)).size();
    }

    @Test
    void aLogWithoutEntriesHasItsCheckpointOfSizeZeroAndNoOther() throws Exception {
        fixture.stream.clear();
        fixture.archive(store);
        assertThat(store.names("checkpoints/", "", 10)).containsExactly("checkpoints/0");
        assertThat(fixture.feed.notes).hasSize(1);
    }

    @Test
    void noCheckpointIsMadeWhileTheLogDoesNotGrow() throws Exception {
        fixture.archive(store);
        List<String> before = store.names("", "", 100);
        fixture.archive(store);
        assertThat(store.names("", "", 100)).isEqualTo(before);
    }

    @Test
    void aChangedStatementIsNotArchived() throws Exception {
        AttestationRecord second = fixture.stream.get(1);
        Bytes changed = Bytes.utf8(second.statement().utf8().replace("succeeded", "failed"));
        fixture.stream.set(1, change(second, changed, second.signatures()));
        fixture.perPoll = 1;
        assertStops("entry 1", "does not verify");
        assertThat(archived()).isEqualTo(1);
    }

    @Test
    void anEntrySignedByAKeyOfAnotherUseIsNotArchived() throws Exception {
        AttestationRecord first = fixture.stream.get(0);
        TestKey ingest = fixture.log.ingestKey();
        fixture.stream.set(
                0,
                change(
                        first,
                        first.statement(),
                        List.of(new DsseSignature(
                                ingest.key().keyid(),
                                ingest.signOrFail(Dsse.pae(Dsse.STATEMENT, first.statement()))))));
        assertStops("entry 0", ingest.key().keyid().hex(), "no attest key in force");
        assertThat(archived()).isZero();
    }

    @Test
    void aMissingEntryIsNotPassedOver() throws Exception {
        fixture.stream.remove(1);
        fixture.perPoll = 1;
        assertStops("has entry 2 where entry 1 was expected");
        assertThat(archived()).isEqualTo(1);
    }

    @Test
    void anEntryOfAnotherHistoryOfTheSameLogIsNotArchived() throws Exception {
        LogFixture other = new LogFixture("terraseal.local/e07c41d2");
        other.apply("acme/infra/prod", 1, 2);
        fixture.stream.set(0, ListedEntries.of(other).get(0));
        assertStops("entry 0 follows");
    }

    @Test
    void headsThatTheEntriesDoNotGiveAreNotArchived() throws Exception {
        LogFixture log = new LogFixture("terraseal.local/heads");
        log.apply("a", 1, 2).heads();
        store = DirectoryStore.open(directory.resolve("heads"));
        fixture = new ArchiverFixture(log).born(store);
        AttestationRecord heads = fixture.stream.get(1);
        Bytes lying = Bytes.utf8(heads.statement().utf8().replace("\"streams\":1", "\"streams\":2"));
        DsseSignature signature = new DsseSignature(
                log.attestKey().key().keyid(), log.attestKey().signOrFail(Dsse.pae(Dsse.STATEMENT, lying)));
        fixture.stream.set(1, change(heads, lying, List.of(signature)));
        assertStops("states heads of 2 streams", "give 1 streams");
    }

    @Test
    void aRecordThatSaysOtherwiseThanItsStatementIsNotArchived() {
        AttestationRecord first = fixture.stream.get(0);
        fixture.stream.set(
                0,
                new AttestationRecord(
                        first.log(),
                        first.sequence(),
                        fixture.stream.get(3).stream(),
                        first.predicateType(),
                        first.entryHash(),
                        first.statement(),
                        first.signatures(),
                        null));
        assertStops("entry 0", "says of itself what its statement does not say");
    }

    @Test
    void aStreamThatWasSignedAgainIsAdopted() throws Exception {
        fixture.archive(store);
        Bytes before = store.read("segments/00000000000000000000.jsonl", Validity.any())
                .orElseThrow()
                .content();
        for (int i = 0; i < fixture.stream.size(); i++) {
            fixture.stream.set(i, signedAgain(fixture.stream.get(i)));
        }
        fixture.archive(store);
        fixture.checkComplete(store, "signed again");
        assertThat(store.read("segments/00000000000000000000.jsonl", Validity.any())
                        .orElseThrow()
                        .content())
                .isEqualTo(before);
    }

    private AttestationRecord signedAgain(AttestationRecord record) {
        TestKey attest = fixture.log.attestKey();
        return change(
                record,
                record.statement(),
                List.of(new DsseSignature(
                        attest.key().keyid(), attest.signOrFail(Dsse.pae(Dsse.STATEMENT, record.statement())))));
    }

    @Test
    void anotherStatementForAnArchivedSequenceIsAForkNamedWithBothHashes() throws Exception {
        LogFixture log = new LogFixture("terraseal.local/fork");
        log.apply("a", 1, 2).apply("a", 2, 3);
        fixture = new ArchiverFixture(log);
        store = DirectoryStore.open(directory.resolve("fork"));
        fixture.born(store).archive(store);
        AttestationRecord second = fixture.stream.get(1);
        Bytes other = Bytes.utf8(second.statement().utf8().replace("succeeded", "failed"));
        fixture.stream.set(1, change(second, other, second.signatures()));
        assertStops(
                "forks at entry 1", second.entryHash().hex(), Digest.of(other).hex(), "terraseal log resume");
        assertThat(archived()).isEqualTo(2);
    }

    @Test
    void aSegmentThatAnotherWriterWasFasterWithIsAdoptedAndGoneOnFrom() throws Exception {
        for (int theirs = 1; theirs <= 4; theirs++) {
            store = DirectoryStore.open(directory.resolve("faster-" + theirs));
            fixture = new ArchiverFixture(LogFixture.small()).born(store);
            Segment segment = segment(theirs);
            fixture.beforePoll = () -> plant(segment);
            fixture.archive(store);
            fixture.checkComplete(store, "adopted " + theirs);
            assertThat(store.names("checkpoints/", "", 10)).contains("checkpoints/" + theirs, "checkpoints/4");
        }
    }

    @Test
    void aSegmentLeftByACrashIsAdoptedAtTheRestart() throws Exception {
        plant(segment(2));
        fixture.archive(store);
        fixture.checkComplete(store, "adopted");
        assertThat(store.names("checkpoints/", "", 10)).contains("checkpoints/2", "checkpoints/4");
    }

    private Segment segment(int entries) {
        List<ArchivedEntry> theirs = new ArrayList<>();
        for (AttestationRecord record : fixture.stream.subList(0, entries)) {
            theirs.add(new ArchivedEntry(record.statement(), signedAgain(record).signatures(), null));
        }
        return new Segment(SequenceNumber.ZERO, theirs);
    }

    private void plant(Segment segment) {
        try {
            store.keep(segment.name(), segment.bytes(), fixture.now.plusSeconds(60), Validity.any());
        } catch (StoreException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void anArchiveAheadOfTheStreamWaitsForItAndThenNamesTheWayOut() throws Exception {
        fixture.archive(store);
        fixture.stream.subList(2, 4).clear();
        ListedEntries entries = new ListedEntries(fixture.stream, 3, () -> {});
        ArchiverProgress progress = new ArchiverProgress();
        Archiver archiver = new Archiver(parts(entries, progress, () -> false), ArchiverFixture.limits(4));
        assertThatThrownBy(archiver::run)
                .isInstanceOf(ArchiverStoppedException.class)
                .hasMessageContaining("ends before entry 2")
                .hasMessageContaining("entries up to 3")
                .hasMessageContaining("terraseal log resume");
        assertThat(progress.waiting()).contains("ends before entry 2");
        ArchiverFixture.checkAll(store, "nothing was written");
    }

    private Archiver.Parts parts(ListedEntries entries, ArchiverProgress progress, BooleanSupplier stopping) {
        return new Archiver.Parts(
                fixture.log.log(),
                store,
                KeyInForce.only(fixture.log.logKey()),
                new dev.terraseal.core.keys.SignatureChecker(dev.terraseal.keys.Providers.fast()),
                Runnable::run,
                Runnable::run,
                entries,
                fixture.feed,
                new Patience(pause -> true, progress),
                progress,
                () -> fixture.now = fixture.now.plusSeconds(20),
                stopping);
    }

    /** A loss of power takes more of the topic than the newest segment holds; the signer makes it again. */
    @Test
    void aStreamThatEndsBelowTheNewestSegmentIsMetWhereItGoesOn() throws Exception {
        fixture.archive(store, ArchiverFixture.limits(1));
        for (int left = 0; left < 3; left++) {
            List<AttestationRecord> lost = fixture.stream.subList(left, 4);
            ListedEntries entries = new ListedEntries(fixture.stream.subList(0, left), 1, () -> {});
            Archiver archiver = new Archiver(
                    parts(entries, new ArchiverProgress(), entries::isExhausted), ArchiverFixture.limits(4));
            archiver.turn();
            entries.records.addAll(lost);
            archiver.run();
            fixture.checkComplete(store, "met from " + left + " on");
        }
    }

    @Test
    void anotherHistoryFromBelowTheNewestSegmentOnIsAFork() throws Exception {
        LogFixture log = new LogFixture("terraseal.local/below");
        log.apply("a", 1, 2).apply("a", 2, 3);
        fixture = new ArchiverFixture(log);
        store = DirectoryStore.open(directory.resolve("below"));
        fixture.born(store).archive(store, ArchiverFixture.limits(1));
        List<AttestationRecord> other = new ArrayList<>(fixture.stream);
        for (int i = 0; i < 2; i++) {
            Bytes changed = Bytes.utf8(other.get(i).statement().utf8().replace("succeeded", "failed"));
            other.set(i, change(other.get(i), changed, other.get(i).signatures()));
        }
        ListedEntries entries = new ListedEntries(List.of(), 1, () -> {});
        Archiver archiver =
                new Archiver(parts(entries, new ArchiverProgress(), entries::isExhausted), ArchiverFixture.limits(4));
        archiver.turn();
        entries.records.addAll(other);
        assertThatThrownBy(archiver::run)
                .isInstanceOf(ArchiverStoppedException.class)
                .hasMessageContaining("forks at entry 1");
    }

    @Test
    void aStreamThatCatchesUpWithTheArchiveIsGoneOnWith() throws Exception {
        LogFixture log = new LogFixture("terraseal.local/ahead");
        log.apply("a", 1, 2).apply("a", 2, 3);
        store = DirectoryStore.open(directory.resolve("ahead"));
        fixture = new ArchiverFixture(log).born(store);
        fixture.archive(store);
        fixture.stream.remove(1);
        fixture.archive(store);
        log.apply("a", 3, 4);
        fixture.stream.addAll(ListedEntries.of(log).subList(1, 3));
        fixture.archive(store);
        fixture.checkComplete(store, "caught up");
    }

    @Test
    void aTrimmedStreamIsGoneOnWithWhereItStillMeetsTheArchive() throws Exception {
        LogFixture log = LogFixture.small();
        store = DirectoryStore.open(directory.resolve("trimmed"));
        fixture = new ArchiverFixture(log).born(store);
        fixture.archive(store);
        log.apply("a", 1, 2);
        fixture.stream.clear();
        fixture.stream.addAll(ListedEntries.of(log).subList(4, 5));
        fixture.archive(store);
        fixture.checkComplete(store, "trimmed");
    }

    @Test
    void aStreamTrimmedBeyondTheArchiveStops() {
        fixture.stream.remove(0);
        assertStops("begins at entry 1", "deleted before they were archived");
    }

    @Test
    void aSecondRootForASizeIsNeverSigned() throws Exception {
        Bytes planted = NoteSigner.sign(
                        new Checkpoint(fixture.log.log().origin(), 3, Digest.of(Bytes.utf8("another history"))),
                        fixture.log.logKey())
                .bytes();
        store.keep("checkpoints/3", planted, fixture.now.plusSeconds(60), Validity.any());
        assertStops("checkpoints/3", "two histories");
        assertThat(fixture.feed.notes).hasSize(1);
    }

    @Test
    void anArchiveThatWasAnnouncedFurtherMustLeadToTheSameRoot() throws Exception {
        Bytes announced = NoteSigner.sign(
                        new Checkpoint(fixture.log.log().origin(), 2, Digest.of(Bytes.utf8("another history"))),
                        fixture.log.logKey())
                .bytes();
        fixture.feed.notes.add(announced);
        assertStops("announced for size 2", "two histories");
        // Whoever may write to the topic can put anything behind it, also what the log signed long ago.
        fixture.feed.notes.add(fixture.log.checkpoint(1).bytes());
        fixture.feed.notes.add(Bytes.utf8("no note"));
        assertStops("announced for size 2", "two histories");
    }

    @Test
    void anotherArchiverThatIsAheadIsLeftAlone() throws Exception {
        Bytes ahead = NoteSigner.sign(
                        new Checkpoint(fixture.log.log().origin(), 9, Digest.of(Bytes.utf8("later"))),
                        fixture.log.logKey())
                .bytes();
        store.replace("checkpoint", ahead);
        assertStops("another archiver is at size 9");
        assertThat(store.readNewest("checkpoint")).contains(ahead);
    }

    @Test
    void garbageInPlaceOfTheMutableCheckpointIsReplaced() throws Exception {
        store.replace("checkpoint", Bytes.utf8("garbage"));
        fixture.archive(store);
        fixture.checkComplete(store, "replaced");
    }

    @Test
    void anArchiveOfAnotherLogIsRefusedWithBothGeneses() throws Exception {
        LogFixture other = LogFixture.small();
        fixture = new ArchiverFixture(other);
        assertStops("the configuration says " + other.log().genesis());
        assertThatThrownBy(() -> fixture.born(store))
                .isInstanceOf(ArchiverStoppedException.class)
                .hasMessageContaining(other.log().genesis().hex());
    }

    @Test
    void anArchiveWithoutABeginningIsRefused() throws Exception {
        store = DirectoryStore.open(directory.resolve("empty"));
        assertStops("holds no log.json", "log init");
    }

    @Test
    void aBirthIsFinishedByDoingItAgainAndThenIsNone() throws Exception {
        for (int failing = 0; failing < 8; failing++) {
            ArchiveStore young = DirectoryStore.open(directory.resolve("young-" + failing));
            try {
                fixture.born(new FaultyStore(young, Mode.CRASH_AFTER_PERSISTING, failing));
            } catch (Crash gone) {
                assertThat(gone).hasMessageContaining("while writing");
            }
            fixture.born(young);
            assertThat(new ArchiveBirth(young, () -> fixture.now)
                            .begin(fixture.log.log(), fixture.log.logKey(), java.util.Map.of()))
                    .isFalse();
            ArchiverFixture.checkAll(young, "birth failing at " + failing);
            new ArchiverFixture(fixture.log).archive(young);
        }
    }

    @Test
    void aDamagedSegmentThatTheRestartNeedsStopsIt() throws Exception {
        LogFixture log = new LogFixture("terraseal.local/damaged");
        log.apply("a", 1, 2).apply("a", 2, 3).apply("a", 3, 4);
        Path damaged = directory.resolve("damaged");
        store = DirectoryStore.open(damaged);
        fixture = new ArchiverFixture(log).born(store);
        fixture.perPoll = 1;
        fixture.archive(store, ArchiverFixture.limits(1));
        damage(damaged.resolve("segments/00000000000000000001.jsonl"));
        assertStops("segments below its checkpoint of size 3", "terraseal verify");
    }

    @Test
    void aDamagedNewestSegmentStopsTheRestart() throws Exception {
        fixture.archive(store);
        damage(directory.resolve("segments/00000000000000000003.jsonl"));
        assertStops("is at size 4", "this one at 3", "terraseal verify");
    }

    private static void damage(Path file) throws IOException {
        Files.delete(file);
        Files.writeString(file, "garbage\n");
    }

    @Test
    void aDamagedPartialTileIsMadeAgainFromTheSegments() throws Exception {
        fixture.archive(store);
        Path tile = directory.resolve("tile/0/000.p/4");
        byte[] whole = Files.readAllBytes(tile);
        byte[] bytes = whole.clone();
        bytes[0] ^= 1;
        Files.write(tile, bytes);
        fixture.archive(store);
        assertThat(Files.readAllBytes(tile)).isEqualTo(whole);
        damage(directory.resolve("segments/00000000000000000000.jsonl"));
        Files.write(tile, bytes);
        assertStops("does not hold together below its checkpoint of size 4");
    }

    @Test
    void batchesAreArchivedOnlyWithTheirEnvelope() throws Exception {
        LogFixture log = new LogFixture("terraseal.local/batch");
        log.apply("a", 1, 2).batch("b", 3);
        store = DirectoryStore.open(directory.resolve("batch"));
        fixture = new ArchiverFixture(log).born(store);
        assertStops("batch 1", "not in the archive");
        fixture.batchesKept(store).archive(store);
        fixture.checkComplete(store, "batch");
    }

    @Test
    void fixtureEntriesAndRecordsAgree() {
        assertThat(fixture.log.entries())
                .extracting(FixtureEntry::entryHash)
                .containsExactlyElementsOf(fixture.stream.stream()
                        .map(AttestationRecord::entryHash)
                        .toList());
    }
}
