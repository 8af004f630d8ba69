package dev.terraseal.verifier.receipt;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Receipts of a log as its server makes them, and what a selection says of an artifact said once more as a receipt. */
public final class Receipts {
    private static final String KEY_EVENTS = "key-events/";

    private Receipts() {}

    /** The receipt of an entry under the newest head, or before a checkpoint covers it. */
    public static Receipt of(LogFixture fixture, int sequence, boolean proven) {
        long size = fixture.size();
        return under(fixture, sequence, proven ? fixture.checkpoint(size) : null);
    }

    /** The same under the newest head as others have signed it too, or under none. */
    public static Receipt under(LogFixture fixture, int sequence, @Nullable SignedNote head) {
        FixtureEntry entry = fixture.entries().get(sequence);
        Envelope batch = fixture.batches().get(entry.batch());
        Receipt.Signed signed = batch != null
                ? new Receipt.InBatch(batch, entry.path(), entry.statement())
                : new Receipt.Own(new Envelope(Dsse.STATEMENT, entry.statement(), entry.signatures()));
        TlogProof proof = head == null ? null : new TlogProof(sequence, path(fixture, sequence), head);
        List<Receipt.ProvenKeyEvent> events = new ArrayList<>();
        for (int i = 0; i < (head == null ? sequence : fixture.size()); i++) {
            Bytes statement = fixture.entries().get(i).statement();
            if (Statement.parse(statement).stream().equals(StreamId.KEYS)) {
                events.add(new Receipt.ProvenKeyEvent(statement, head == null ? List.of() : path(fixture, i)));
            }
        }
        return new Receipt(fixture.log(), signed, proof, events);
    }

    private static List<Digest> path(LogFixture fixture, int index) {
        try {
            return fixture.proofs(fixture.size()).inclusion(index);
        } catch (ProofException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** With other key events. */
    public static Receipt with(Receipt receipt, List<Receipt.ProvenKeyEvent> keyEvents) {
        return new Receipt(receipt.log(), receipt.signed(), receipt.proof(), keyEvents);
    }

    /** What a selection holds of one artifact; files of which no receipt can be made are an {@link IllegalArgumentException}. */
    public static Receipt of(BundleBytes selection, long index) {
        String name = "artifacts/" + new SequenceNumber(index).padded() + ".json";
        Json.Obj signed = line(selection, "signatures.jsonl", index);
        Receipt.Signed own;
        if (signed.has("signatures")) {
            own = new Receipt.Own(new Envelope(Dsse.STATEMENT, selection.get(name), Envelope.signatures(signed)));
        } else {
            own = new Receipt.InBatch(batch(selection, signed.number("batch")), path(signed), selection.get(name));
        }
        try {
            SignedNote head = SignedNote.parse(selection.get("checkpoint"));
            List<Digest> path = path(line(selection, "proofs/entries.jsonl", index));
            return new Receipt(
                    LogDeclaration.parse(selection.get("log.json")),
                    own,
                    new TlogProof(index, path, head),
                    keyEvents(selection));
        } catch (NoteException unreadable) {
            throw new IllegalArgumentException(unreadable);
        }
    }

    private static List<Receipt.ProvenKeyEvent> keyEvents(BundleBytes selection) {
        List<Receipt.ProvenKeyEvent> events = new ArrayList<>();
        String in = KEY_EVENTS + "artifacts/";
        for (String name : selection.names(in)) {
            Statement statement = Statement.parse(selection.get(name));
            if (statement.stream().equals(StreamId.KEYS)) {
                long index = Long.parseLong(name.substring(in.length(), name.length() - ".json".length()));
                events.add(new Receipt.ProvenKeyEvent(
                        statement.bytes(), path(line(selection, KEY_EVENTS + "proofs/entries.jsonl", index))));
            }
        }
        return events;
    }

    private static Envelope batch(BundleBytes selection, long first) {
        for (String line : selection.lines("batches.jsonl")) {
            Envelope envelope = Envelope.parse(Bytes.utf8(line));
            if (Batch.parse(envelope.payload()).first().value() == first) {
                return envelope;
            }
        }
        throw new IllegalArgumentException("no batch begins at " + first);
    }

    private static Json.Obj line(BundleBytes selection, String file, long index) {
        for (String line : selection.lines(file)) {
            Json.Obj json = CanonicalJson.parseObject(Bytes.utf8(line));
            if (json.number("sequence") == index) {
                return json;
            }
        }
        throw new IllegalArgumentException(file + " has no line of entry " + index);
    }

    private static List<Digest> path(Json.Obj line) {
        return line.array("path").base64Digests();
    }
}
