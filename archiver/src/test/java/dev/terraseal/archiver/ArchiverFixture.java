package dev.terraseal.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.archiver.topic.CheckpointFeed;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.Providers;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import dev.terraseal.testkit.archive.ArchiveInvariants;
import dev.terraseal.testkit.archive.ArchiveView;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One log, its stream as a list, and archivers of it that come and go. Time only passes when a poll comes back empty. */
final class ArchiverFixture {
    final LogFixture log;
    final List<AttestationRecord> stream;
    /** The private log keys at hand: all of the log's. */
    final List<TestKey> logKeys;

    final Feed feed = new Feed();
    final ArchiverProgress progress = new ArchiverProgress();
    int perPoll = 3;
    /** How often the service that has the log keys does not answer. */
    int keyServiceAway;

    Runnable beforePoll = () -> {};
    Instant now = Instant.now();
    InstantSource clock = () -> now;

    ArchiverFixture(LogFixture log) {
        this.log = log;
        this.logKeys = new ArrayList<>(log.logKeys().values());
        this.stream = new ArrayList<>(ListedEntries.of(log));
    }

    private MessageSigner logKey(List<DeclaredKey> declared) throws KeyUnavailableException {
        if (keyServiceAway > 0) {
            keyServiceAway--;
            throw KeyUnavailableException.passing("no answer", null);
        }
        for (DeclaredKey wanted : declared) {
            for (TestKey key : logKeys) {
                if (key.key().equals(wanted)) {
                    return key;
                }
            }
        }
        throw new KeyUnavailableException("none of the declared keys is in this test");
    }

    /** Remembers what was announced, over restarts as a topic does, and that no size was announced with two texts. */
    static final class Feed implements CheckpointFeed {
        final List<Bytes> notes = new ArrayList<>();
        private final Map<Long, String> texts = new HashMap<>();

        @Override
        public void publish(Bytes note) {
            try {
                SignedNote signed = SignedNote.parse(note);
                long size = Checkpoint.parse(signed.text()).size();
                assertThat(texts.merge(size, signed.text(), (before, again) -> before))
                        .as("texts announced for size %s", size)
                        .isEqualTo(signed.text());
            } catch (dev.terraseal.core.checkpoint.NoteException notOurs) {
                throw new AssertionError(notOurs);
            }
            notes.add(note);
        }

        @Override
        public List<Bytes> last() {
            return List.copyOf(notes);
        }

        Optional<Bytes> newest() {
            return notes.isEmpty() ? Optional.empty() : Optional.of(notes.get(notes.size() - 1));
        }

        @Override
        public void close() {}
    }

    /** Begins the archive as {@code log init} does. */
    ArchiverFixture born(ArchiveStore store) throws StoreException, SigningException {
        new ArchiveBirth(store, () -> now)
                .begin(log.log(), log.logKey(), Map.of("formats.md", Bytes.utf8("# Formats\n")));
        return this;
    }

    /** Puts the batch envelopes there, as whoever signs batches has to before anybody hears of the entries. */
    ArchiverFixture batchesKept(ArchiveStore store) throws StoreException {
        for (Map.Entry<Long, dev.terraseal.core.envelope.Envelope> batch :
                log.batches().entrySet()) {
            store.keep(
                    dev.terraseal.store.ArchiveNames.batch(new dev.terraseal.core.bytes.SequenceNumber(batch.getKey())),
                    batch.getValue().bytes(),
                    now.plusSeconds(3600),
                    Validity.any());
        }
        return this;
    }

    /** Runs an archiver until the stream is exhausted; it stops in an orderly way then. */
    void archive(ArchiveStore store) throws StoreException, SigningException {
        archive(store, limits(4));
    }

    void archive(ArchiveStore store, ArchiverConfig.Limits limits) throws StoreException, SigningException {
        ListedEntries entries = new ListedEntries(stream, perPoll, beforePoll);
        Patience patience = new Patience(pause -> true, progress);
        new Archiver(
                        new Archiver.Parts(
                                log.log(),
                                store,
                                new KeyInForce(KeyUse.LOG, this::logKey),
                                new SignatureChecker(Providers.fast()),
                                Runnable::run,
                                Runnable::run,
                                entries,
                                feed,
                                patience,
                                progress,
                                clock,
                                entries::isExhausted),
                        limits)
                .run();
    }

    /** Segments of {@code entries}, a checkpoint for each. */
    static ArchiverConfig.Limits limits(int entries) {
        return new ArchiverConfig.Limits(Duration.ofHours(1), entries, 8 << 20, Duration.ofSeconds(60));
    }

    static ArchiveView view(ArchiveReader store) throws StoreException {
        TreeMap<String, Bytes> objects = new TreeMap<>();
        for (String name : store.names("", "", Integer.MAX_VALUE)) {
            boolean mutable = name.equals("checkpoint") || name.contains(".p/");
            Optional<Bytes> content = mutable
                    ? store.readNewest(name)
                    : store.read(name, Validity.any()).map(stored -> stored.content());
            content.ifPresent(bytes -> objects.put(name, bytes));
        }
        return ArchiveView.of(objects);
    }

    /** Everything that must hold at any moment. */
    static void checkAll(ArchiveReader store, String when) throws StoreException {
        assertThat(ArchiveInvariants.violations(view(store))).as(when).isEmpty();
    }

    /** All of that, and that the archive holds exactly the log, under a checkpoint. */
    void checkComplete(ArchiveReader store, String when) throws StoreException {
        checkAll(store, when);
        ArchiveView view = view(store);
        assertThat(ArchiveInvariants.statements(view))
                .as(when)
                .containsExactlyElementsOf(
                        log.entries().stream().map(FixtureEntry::statement).toList());
        assertThat(ArchiveInvariants.checkpointSize(view)).as(when).isEqualTo(log.size());
        assertThat(feed.newest()).as(when).isEqualTo(store.readNewest("checkpoint"));
    }
}
