package dev.terraseal.export;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log under one head. Whatever lies in the archive, what comes from here is proven by the root that the log signed. */
final class ProvenLog {
    private final ArchivedLog log;
    private final Checkpoint head;
    private final ProvenTree tree;
    private final ProvenSegments segments;
    private final @Nullable EntrySigners signers;
    private boolean headsKnown;
    private @Nullable ArchivedHeads heads;

    /** A heads entry by its sequence, with the leaves it commits to. */
    record ArchivedHeads(SequenceNumber sequence, Heads heads) {}

    private ProvenLog(ArchivedLog log, Checkpoint head, ProvenTree tree, KeyRing ring, @Nullable EntrySigners signers) {
        this.log = log;
        this.head = head;
        this.tree = tree;
        this.signers = signers;
        log.boundaries().add(head.size());
        this.segments = new ProvenSegments(
                log.archive(), tree, log.boundaries(), signers, size -> log.locked(size, ring) != null);
    }

    /** While keys are being looked for: statements are proven, their signatures are not. */
    static ProvenLog withoutKeys(ArchivedLog log, Checkpoint head, KeyRing soFar)
            throws StoreException, ProofException {
        return new ProvenLog(log, head, new ProvenTree(log.archive(), head.size(), head.root()), soFar, null);
    }

    /** The same with its keys. */
    ProvenLog with(KeyRing keys) {
        return new ProvenLog(log, head, tree, keys, EntrySigners.of(log, keys));
    }

    ArchivedLog log() {
        return log;
    }

    Checkpoint head() {
        return head;
    }

    long size() {
        return head.size();
    }

    Proofs proofs() {
        return new Proofs(new RecentNodes(tree), head.size());
    }

    /** The hash of the leaf at an index. */
    Digest leaf(long index) throws ProofException {
        return tree.node(0, index);
    }

    /** Entries from {@code first} to below {@code end}, which the head reaches. */
    SegmentEntries entries(long first, long end) {
        return new SegmentEntries(segments, first, end);
    }

    SegmentEntries entriesFrom(long first) {
        return entries(first, head.size());
    }

    ArchivedEntry entry(SequenceNumber sequence) throws StoreException, ExportException {
        return entriesFrom(sequence.value()).skipTo(sequence.value());
    }

    ArchivedBatches batches() {
        if (signers == null) {
            throw new IllegalStateException("the keys are not known yet");
        }
        return signers.batches();
    }

    /** The newest heads entry under the head, and its leaves; null if there is none. */
    @Nullable ArchivedHeads newestHeads() throws StoreException, ExportException {
        if (!headsKnown) {
            heads = findHeads();
            headsKnown = true;
        }
        return heads;
    }

    private @Nullable ArchivedHeads findHeads() throws StoreException, ExportException {
        for (long bound = head.size() - 1; bound >= 0; ) {
            Optional<SequenceNumber> named = log.archive()
                    .newestNumbered(ArchiveNames.HEADS, ArchiveNames.JSON_SUFFIX, new SequenceNumber(bound))
                    .flatMap(ArchiveNames::headsSequence);
            if (named.isEmpty()) {
                return null;
            }
            ArchivedHeads found = headsAt(named.get());
            if (found != null) {
                return found;
            }
            // Put there by somebody else.
            bound = named.get().value() - 1;
        }
        return null;
    }

    private @Nullable ArchivedHeads headsAt(SequenceNumber sequence) throws StoreException, ExportException {
        Optional<Digest> stated = headsDigest(entry(sequence).statement());
        if (stated.isEmpty()) {
            return null;
        }
        Stored file = log.archive()
                .read(ArchiveNames.heads(sequence), Validity.sha256(stated.get()))
                .orElseThrow(() -> withoutLeaves(sequence));
        return new ArchivedHeads(sequence, Heads.parseFile(file.content()));
    }

    /** A bundle that an older heads entry closes would look as if the log's owner kept to himself what came between. */
    ExportException withoutLeaves(SequenceNumber sequence) {
        return ExportException.broken(ArchiveNames.heads(sequence) + " is missing or damaged, and entry " + sequence
                + " is the heads entry that has to close the bundle; put the file back from a copy, or wait for"
                + " the next heads entry (" + log.log().heartbeat().toMinutes() + " minutes)");
    }

    private static Optional<Digest> headsDigest(Statement statement) {
        try {
            return statement.type() != PredicateType.HEADS
                    ? Optional.empty()
                    : Optional.of(statement
                            .subjects()
                            .objects()
                            .get(0)
                            .object("digest")
                            .digest("sha256"));
        } catch (JsonException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }
}
