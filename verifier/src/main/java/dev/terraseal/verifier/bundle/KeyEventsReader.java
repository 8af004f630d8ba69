package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.entries.Demands;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.SignatureCheck;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * key-events/: the stream {@code _keys}, each entry proven under the bundle's head, with the newest heads entry, which
 * says how many there are below it; later ones follow it. Read before signatures are judged, because it says which keys
 * may sign; its own signatures come after the head and the tokens, because those say what is demanded of them.
 */
final class KeyEventsReader {
    private static final String PREFIX = BundleNames.KEY_EVENTS;

    private final BundleFiles files;
    private final Findings findings;
    private final LogDeclaration log;
    private final Checkpoint head;
    private final SignatureQueue queue;
    /** The events and the heads entry that closes them; empty where they could not be read. */
    private List<Read> shown = List.of();

    KeyEventsReader(BundleFiles files, Findings findings, LogDeclaration log, Checkpoint head, SignatureQueue queue) {
        this.files = files;
        this.findings = findings;
        this.log = log;
        this.head = head;
        this.queue = queue;
    }

    /** Whether the bundle has such a directory at all. */
    static boolean isPresent(BundleFiles files) {
        for (String name : files.names()) {
            if (name.startsWith(PREFIX)) {
                return true;
            }
        }
        return false;
    }

    KeyEvents read() throws IOException {
        StreamEnd end = new StreamEnd(files, PREFIX + "proofs/stream.json", StreamId.KEYS);
        SequenceNumber closingAt = end.headsEntry();
        List<Read> all = entries();
        List<Read> events = new ArrayList<>();
        long closed = 0;
        Entry newest = null;
        Read closing = null;
        for (Read read : all) {
            if (read.entry().index().equals(closingAt)) {
                closing = read;
            } else {
                events.add(read);
                if (closing == null) {
                    closed++;
                    newest = read.entry();
                }
            }
        }
        if (closing == null || closing.statement().type() != PredicateType.HEADS) {
            throw new MalformedException(PREFIX, "does not hold the heads entry " + closingAt + " that closes it");
        }
        KeyRing ring = apply(events);
        end.verify(closing.entry(), closing.statement(), closed, newest);
        List<Entry> known = new ArrayList<>();
        for (Read event : events) {
            known.add(event.entry());
        }
        shown = all;
        boolean applied = ring.events() == events.size();
        return new KeyEvents(ring, known, closingAt.value(), !findings.failed(Layer.KEY_EVENTS), applied);
    }

    /** The signatures of what {@link #read} gave: a trust file asks the same of them as of the artifacts. */
    void checkSignatures(KeyEvents keys, Demands demands) throws IOException {
        if (shown.isEmpty()) {
            return;
        }
        try (BatchLines batches = new BatchLines(files, PREFIX + "batches.jsonl", findings, Layer.KEY_EVENTS)) {
            SignatureCheck signatures = new SignatureCheck(
                    findings, Layer.KEY_EVENTS, log, keys.ring(), queue, batches, demands, keys.complete());
            for (Read read : shown) {
                signatures.check(read.entry(), read.statement());
            }
            signatures.finish();
        }
    }

    private record Read(Entry entry, Statement statement) {}

    private List<Read> entries() throws IOException {
        List<Read> all = new ArrayList<>();
        String in = PREFIX + "artifacts/";
        int limit = (int) log.statementBytesLimit();
        try (SignatureLines signatures = new SignatureLines(
                        files, PREFIX + "signatures.jsonl", findings, Layer.KEY_EVENTS, queue.workers());
                EntryProofs proofs =
                        new EntryProofs(files, PREFIX + "proofs/entries.jsonl", head, findings, Layer.KEY_EVENTS)) {
            for (String name : files.names()) {
                if (name.startsWith(in)) {
                    SequenceNumber sequence = sequenceOf(name, in.length());
                    Entry entry = Entry.of(sequence, name, files.read(name, limit), signatures.of(sequence));
                    all.add(new Read(entry, statement(entry)));
                    proofs.check(entry);
                }
            }
            signatures.finish();
            proofs.finish();
        }
        return all;
    }

    private static SequenceNumber sequenceOf(String name, int from) throws MalformedException {
        try {
            return SequenceNumber.fromPadded(name.substring(from, Math.max(from, name.length() - ".json".length())));
        } catch (IllegalArgumentException notOne) {
            throw new MalformedException(name, "is not named by a sequence: " + notOne.getMessage());
        }
    }

    private Statement statement(Entry entry) throws MalformedException {
        Statement statement = entry.reading().statement();
        if (statement == null) {
            throw new MalformedException(
                    entry.file(),
                    "is not a statement of this log: " + entry.reading().problem());
        }
        if (!statement.link().log().equals(log.origin())
                || !statement.sequence().equals(entry.index())) {
            throw new MalformedException(
                    entry.file(),
                    "says it is entry " + statement.sequence() + " of "
                            + statement.link().log());
        }
        return statement;
    }

    private KeyRing apply(List<Read> events) throws MalformedException {
        KeyRing ring = KeyRing.of(log);
        Digest before = log.genesis();
        for (int i = 0; i < events.size(); i++) {
            Read event = events.get(i);
            Statement statement = event.statement();
            if (!statement.stream().equals(StreamId.KEYS)
                    || statement.link().streamSequence().value() != i
                    || !statement.link().streamPrevHash().equals(before)) {
                throw new MalformedException(
                        event.entry().file(), "is not key event " + i + " of this log: the stream is not whole");
            }
            before = event.entry().entryHash();
            ring = KeyEventJudge.apply(ring, event.entry(), statement, findings, queue);
        }
        return ring;
    }

    /**
     * What was read: the keys in force, the events, and the heads entry up to which there is no other. Not {@code complete} if some
     * were refused, so that there may be keys which are not in the ring; {@code applied} if all were read and authorised,
     * whether or not they are proven under the head.
     */
    record KeyEvents(KeyRing ring, List<Entry> events, long completeTo, boolean complete, boolean applied) {
        KeyEvents {
            events = List.copyOf(events);
        }

        static KeyEvents none(LogDeclaration log) {
            return new KeyEvents(KeyRing.of(log), List.of(), 0, true, true);
        }

        /** As {@link #none} where key-events/ is there and could not be read. */
        static KeyEvents unread(LogDeclaration log) {
            return new KeyEvents(KeyRing.of(log), List.of(), 0, false, false);
        }

        /** The key event at a leaf index, if there is one. */
        @Nullable Entry at(SequenceNumber index) {
            for (Entry event : events) {
                if (event.index().equals(index)) {
                    return event;
                }
            }
            return null;
        }
    }
}
