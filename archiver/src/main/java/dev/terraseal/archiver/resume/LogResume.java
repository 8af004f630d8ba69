package dev.terraseal.archiver.resume;

import dev.terraseal.archiver.ArchiveReplay;
import dev.terraseal.archiver.ArchivedEnd;
import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.archiver.resume.ResumeOutput.Taken;
import dev.terraseal.archiver.resume.TopicsFound.Begun;
import dev.terraseal.archiver.state.CheckedEntry;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Puts a log whose topics are gone back on empty ones, from its archive: every entry on {@code sequenced} and on {@code
 * attestations}, with the bytes, the signatures and the times it has. From there every stage takes up its work as it
 * always does, out of its own output, and makes again what else it needs (ids, stream heads, keys in force, its index).
 *
 * <p>Who dies half way leaves both topics at one size, with entries that say how many are still missing; no sequencer goes
 * on from there, and the next run does.
 */
public final class LogResume {
    private static final int ENTRIES = 500;
    private static final long BYTES = 4L << 20;

    private final LogDeclaration log;
    private final ArchiveReader store;
    private final ResumePlace place;
    private final SignatureChecker checker;
    private final Executor checks;
    private final InstantSource clock;

    /**
     * @param store the archive, or {@link ReceiptsAbove} it
     * @param checks verifies signatures, as many at a time as it has threads
     */
    public LogResume(
            LogDeclaration log,
            ArchiveReader store,
            ResumePlace place,
            SignatureChecker checker,
            Executor checks,
            InstantSource clock) {
        this.log = log;
        this.store = store;
        this.place = place;
        this.checker = checker;
        this.checks = checks;
        this.clock = clock;
    }

    /**
     * What there is to do.
     *
     * @param begun how many of the entries an earlier run wrote
     */
    public record Found(ArchivedEnd archive, long begun) {
        /** Whether Kafka holds all of the archive: then there is nothing to do but to start the services. */
        public boolean isDone() {
            return begun == archive.size();
        }
    }

    /** Looks and writes nothing. */
    public Found look() throws StoreException, ResumeRefusedException {
        ArchivedEnd end = ArchivedEnd.read(log, store, checker);
        ReceiptsAbove.requireUsed(store, end.size());
        new BatchesAbove(store, end, checker).requireNone();
        try (Admin admin = place.kafka().admin("terraseal-resume")) {
            return new Found(end, topics(end, admin).look().size());
        }
    }

    private TopicsFound topics(ArchivedEnd end, Admin admin) {
        return new TopicsFound(place, end, checker, clock, admin);
    }

    /**
     * Writes what is missing.
     *
     * @param progress told how many entries are there
     * @throws ArchiverStoppedException if the archive, read from its beginning, is not what its end says
     */
    public void write(Found found, LongConsumer progress) throws StoreException, ResumeRefusedException {
        ArchivedEnd end = found.archive();
        try (Admin admin = place.kafka().admin("terraseal-resume");
                ResumeOutput output = new ResumeOutput(place, log.origin(), end.size())) {
            output.takeOver(admin);
            TopicsFound topics = topics(end, admin);
            // Again, now that nobody else writes there.
            Begun begun = topics.look();
            topics.forgetOffset();
            new Pass(end, begun, output, progress).run();
        }
    }

    /** The archive read once, from the first entry to the last. */
    private final class Pass {
        private final ArchivedEnd end;
        private final Begun begun;
        private final ResumeOutput output;
        private final LongConsumer progress;
        private final CompactRange tree = new CompactRange();
        private final List<Taken> open = new ArrayList<>();
        private long bytes;
        private long written;
        private @Nullable SequenceNumber keyEvent;

        Pass(ArchivedEnd end, Begun begun, ResumeOutput output, LongConsumer progress) {
            this.end = end;
            this.begun = begun;
            this.output = output;
            this.progress = progress;
            this.written = begun.size();
        }

        void run() throws StoreException {
            ArchiveReplay replay = ArchiveReplay.ofAll(log, store, checker, checks);
            while (replay.state().head().size() < end.size()) {
                List<CheckedEntry> entries = replay.next();
                if (entries.isEmpty()) {
                    throw broken("no segment extends it at entry "
                            + replay.state().head().size());
                }
                for (CheckedEntry entry : entries) {
                    take(entry);
                }
            }
            if (!replay.state().head().equals(end.state().head())) {
                throw broken("its entries lead to " + replay.state().head().newest() + " and its end to "
                        + end.state().head().newest());
            }
            flush();
        }

        private void take(CheckedEntry checked) {
            Statement statement = checked.statement();
            long sequence = statement.sequence().value();
            tree.append(Merkle.leafHash(statement.entryHash()));
            if (tree.size() == end.checkpoint().size()
                    && !tree.root().equals(end.checkpoint().root())) {
                throw broken("its entries do not lead to its checkpoint of size " + tree.size());
            }
            if (sequence == begun.size() - 1) {
                requireSame(statement.entryHash());
            }
            if (sequence >= begun.size()) {
                open.add(new Taken(checked.entry(), statement, keyEvent));
                bytes += statement.bytes().length();
            }
            if (statement.type() == PredicateType.KEY_EVENT) {
                keyEvent = statement.sequence();
            }
            if (open.size() >= ENTRIES || bytes >= BYTES) {
                flush();
            }
        }

        private void requireSame(Digest archived) {
            Digest there = begun.newest();
            if (there == null || !there.equals(archived)) {
                throw broken("entry " + (begun.size() - 1) + " of it has hash " + archived + ", and on "
                        + place.sequenced() + " " + there);
            }
        }

        private void flush() {
            if (!open.isEmpty()) {
                output.commit(open, written == 0 ? end.note() : null);
                written += open.size();
                open.clear();
                bytes = 0;
            }
            progress.accept(written);
        }

        private ArchiverStoppedException broken(String what) {
            return new ArchiverStoppedException("the archive does not hold together: " + what
                    + ". Nothing more was written, and no service goes on with what was: look with terraseal audit");
        }
    }
}
