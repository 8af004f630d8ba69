package dev.terraseal.witness.monitor;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.index.Fingerprint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.verifier.bundle.CheckpointLayer;
import dev.terraseal.verifier.entries.BatchSignatures;
import dev.terraseal.verifier.entries.ChainCheck;
import dev.terraseal.verifier.entries.Demands;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.LogReading;
import dev.terraseal.verifier.entries.SignatureCheck;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.entries.Workers;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a log's statements in order and derives everything again: links, streams, contents, ids, heads entries, key
 * events, signatures, the tree. Remembers how far it came, so that a start reads only what is new. One thread at a time.
 */
final class Monitor implements Closeable {
    private static final String JOURNAL = "journal";
    private static final String COMMITTED = "committed";
    private static final String KEY_EVENTS = "key-events";

    private final LogDeclaration log;
    private final ArchivedStatements statements;
    private final SignatureChecker checker;
    private final DirectoryStore memory;
    private final long commitAfter;
    private final Workers workers = new Workers();
    private final LogSoFar soFar;
    private final Journal journal;
    private KeyHistory history;
    private KeyRing keys;
    private long committed;

    private Monitor(From from, DirectoryStore memory, LogSoFar soFar, Journal journal, KeyHistory history)
            throws UnauthorisedException, UncheckableException {
        this.log = from.log();
        this.statements = from.statements();
        this.checker = from.checker();
        this.commitAfter = from.commitAfter();
        this.memory = memory;
        this.soFar = soFar;
        this.journal = journal;
        this.history = history;
        this.keys = history.ring(log, checker);
        this.committed = soFar.size();
    }

    /**
     * What it reads.
     *
     * @param commitAfter after how many entries it looks whether the log signed a root, to remember its reading up to there
     */
    record From(LogDeclaration log, ArchivedStatements statements, SignatureChecker checker, long commitAfter) {}

    /**
     * Takes up what was read before.
     *
     * @param place a directory of its own; where it is taken away everything is read again
     */
    static Monitor open(From from, Path place) throws IOException {
        DirectoryStore memory = DirectoryStore.open(place);
        Bytes size = memory.readNewest(COMMITTED).orElse(Bytes.utf8("0 \n"));
        Bytes keyEvents = memory.readNewest(KEY_EVENTS).orElse(Bytes.EMPTY);
        LogSoFar soFar = new LogSoFar(from.log());
        Journal journal = null;
        try {
            String[] committed = size.utf8().split("[ \n]", -1);
            long count = Long.parseLong(committed[0]);
            journal = Journal.open(place.resolve(JOURNAL), count, soFar::add);
            if (count > 0 && !soFar.root().base64().equals(committed[1])) {
                throw new IllegalArgumentException("its entries lead to another root than it committed");
            }
            return new Monitor(from, memory, soFar, journal, below(count, KeyHistory.parse(keyEvents)));
        } catch (EOFException | UnauthorisedException | UncheckableException | RuntimeException broken) {
            if (journal != null) {
                journal.close();
            }
            throw new IOException(
                    "what the monitor remembers in " + place + " is not what it wrote (" + broken.getMessage()
                            + "): remove that directory, and it reads the log from its beginning",
                    broken);
        }
    }

    /** They are written before the size they belong to: after a crash in between, some are of entries that are read again. */
    private static KeyHistory below(long count, KeyHistory history) {
        return new KeyHistory(history.events().stream()
                .filter(each -> each.index().value() < count)
                .toList());
    }

    /** Up to where everything was read and holds. */
    long size() {
        return soFar.size();
    }

    Digest root() {
        return soFar.root();
    }

    KeyRing keys() {
        return keys;
    }

    /** How reading ended. */
    sealed interface Outcome {
        /** Everything up to there holds. */
        record Read() implements Outcome {}

        /** Entries are not there yet. */
        record NotYet(long next) implements Outcome {}

        /** An entry is not what it has to be. */
        record Broken(String why) implements Outcome {}
    }

    /** Reads up to {@code size}, as far as entries are there and hold. */
    Outcome readTo(long size) throws IOException {
        while (soFar.size() < size) {
            List<String> faults = new ArrayList<>();
            boolean taken = statements.offer(soFar.size(), size, entries -> {
                Optional<String> fault = take(entries);
                fault.ifPresent(faults::add);
                return fault.isEmpty();
            });
            if (!taken) {
                return faults.isEmpty() ? new Outcome.NotYet(soFar.size()) : new Outcome.Broken(faults.get(0));
            }
            if (soFar.size() - committed >= commitAfter && isSignedHere()) {
                commit();
            }
        }
        return new Outcome.Read();
    }

    /** Whether the archive holds a checkpoint of the log at this size, with this root. */
    private boolean isSignedHere() throws IOException {
        return statements.holds(ArchiveNames.checkpoint(soFar.size()), content -> {
            try {
                CheckpointLayer.Opened opened = CheckpointLayer.open(SignedNote.parse(content), log, keys, checker);
                return opened.checkpoint().size() == soFar.size()
                        && opened.checkpoint().root().equals(soFar.root())
                        && opened.suspicion().isEmpty();
            } catch (NoteException | UncheckableException | IllegalArgumentException notTheLogs) {
                return false;
            }
        });
    }

    /** Takes all of them or none. */
    private Optional<String> take(List<Entry> entries) throws IOException {
        KeyHistory grown;
        KeyRing ring;
        try {
            grown = withKeyEvents(entries);
            ring = grown.ring(log, checker);
        } catch (UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
        Findings findings = new Findings(false);
        SignatureQueue queue = new SignatureQueue(findings, checker, workers);
        LogReading reading = new LogReading(
                findings,
                ChainCheck.resumed(findings, log, soFar.size(), soFar.newest(), soFar.streams()),
                new SignatureCheck(
                        findings,
                        Layer.SIGNATURES,
                        log,
                        ring,
                        queue,
                        statements.batches(new BatchSignatures(log, ring, checker)),
                        Demands.NONE,
                        true),
                soFar.tree(),
                Set.of(),
                true);
        List<Journal.Line> lines = new ArrayList<>();
        Set<Fingerprint> fresh = new HashSet<>();
        List<String> twice = new ArrayList<>();
        for (Entry entry : entries) {
            reading.take(entry, (each, statement) -> {
                Fingerprint id =
                        Fingerprint.of(Digest.sha256(), statement.stream(), statement.id(), statement.contentDigest());
                boolean known = soFar.knows(id) || !fresh.add(new Fingerprint(id.keyHigh(), id.keyLow(), 0));
                if (known) {
                    twice.add("entry " + each.index() + " has the id " + statement.id() + " of stream "
                            + statement.stream() + ", which an entry before it has");
                }
                lines.add(new Journal.Line(each.entryHash(), id, statement.stream()));
            });
        }
        reading.finish();
        if (findings.anyFailure()) {
            return Optional.of(findings.inOrder().get(0).message());
        }
        if (!twice.isEmpty()) {
            return Optional.of(twice.get(0));
        }
        journal.append(lines);
        lines.forEach(soFar::add);
        history = grown;
        keys = ring;
        return Optional.empty();
    }

    private KeyHistory withKeyEvents(List<Entry> entries) {
        List<KeyHistory.At> events = new ArrayList<>(history.events());
        for (Entry entry : entries) {
            Statement statement = entry.reading().statement();
            if (statement != null && statement.type() == PredicateType.KEY_EVENT) {
                events.add(new KeyHistory.At(entry.index(), KeyEvent.fromBody(statement.body())));
            }
        }
        return new KeyHistory(events);
    }

    /**
     * Remembers up to here, once the log signed this root: a start takes it up. The size comes last, and a crash before it
     * leaves the one before.
     */
    void commit() throws IOException {
        journal.force();
        memory.replace(KEY_EVENTS, history.bytes());
        memory.replace(COMMITTED, Bytes.utf8(soFar.size() + " " + soFar.root().base64() + "\n"));
        committed = soFar.size();
    }

    /** The tree of the first {@code count} entries, of those that were read. */
    Proofs tree(long count) {
        return new Proofs(
                soFar.nodes((first, leaves, to) ->
                        journal.each(first, leaves, line -> to.accept(Merkle.leafHash(line.entryHash())))),
                count);
    }

    @Override
    public void close() throws IOException {
        workers.close();
        journal.close();
    }
}
