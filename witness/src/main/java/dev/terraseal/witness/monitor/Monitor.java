package dev.terraseal.witness.monitor;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.index.Fingerprint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.directory.DirectoryStore;
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
    private final Workers workers = new Workers();
    private final LogSoFar soFar;
    private final Journal journal;
    private KeyHistory history;
    private KeyRing keys;

    /**
     * Takes up what was read before.
     *
     * @param place a directory of its own; where it is taken away everything is read again
     */
    Monitor(LogDeclaration log, ArchivedStatements statements, SignatureChecker checker, Path place)
            throws IOException {
        this.log = log;
        this.statements = statements;
        this.checker = checker;
        this.memory = DirectoryStore.open(place);
        this.soFar = new LogSoFar(log);
        String[] committed =
                memory.readNewest(COMMITTED).map(Bytes::utf8).orElse("0 \n").split("[ \n]", -1);
        this.journal = Journal.open(place.resolve(JOURNAL), Long.parseLong(committed[0]), soFar::add);
        this.history = KeyHistory.parse(memory.readNewest(KEY_EVENTS).orElse(Bytes.EMPTY));
        try {
            this.keys = history.ring(log, checker);
        } catch (UnauthorisedException | UncheckableException broken) {
            throw forgotten(place, String.valueOf(broken.getMessage()));
        }
        if (soFar.size() > 0 && !soFar.root().base64().equals(committed[1])) {
            throw forgotten(place, "its entries lead to another root than it committed");
        }
    }

    private static IOException forgotten(Path place, String why) {
        return new IOException("what the monitor remembers in " + place + " is not what it wrote (" + why
                + "): remove that directory, and it reads the log from its beginning");
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
        }
        return new Outcome.Read();
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

    /** Remembers up to here, once the log signed this root: a start takes it up. */
    void commit() throws IOException {
        journal.force();
        memory.replace(KEY_EVENTS, history.bytes());
        memory.replace(COMMITTED, Bytes.utf8(soFar.size() + " " + soFar.root().base64() + "\n"));
    }

    /** The hashes of the first {@code count} leaves that were read. */
    List<Digest> leaves(long count) throws IOException {
        List<Digest> leaves = new ArrayList<>();
        long unused = journal.each(count, line -> leaves.add(Merkle.leafHash(line.entryHash())));
        return leaves;
    }

    /** The root that the first {@code count} entries have. */
    Digest rootAt(long count) throws IOException {
        CompactRange range = new CompactRange();
        long unused = journal.each(count, line -> range.append(Merkle.leafHash(line.entryHash())));
        return range.root();
    }

    @Override
    public void close() throws IOException {
        workers.close();
        journal.close();
    }
}
