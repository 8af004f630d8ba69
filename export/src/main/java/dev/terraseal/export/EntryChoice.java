package dev.terraseal.export;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.chain.StreamHead;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.export.ProvenLog.ArchivedHeads;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.util.Optional;
import java.util.stream.LongStream;

/** Turns a selection into the sequences it means, under one head. */
final class EntryChoice {
    private final ProvenLog log;
    private final ArchiveReader archive;
    private final long size;
    private final Progress progress;

    EntryChoice(ProvenLog log, Progress progress) {
        this.log = log;
        this.archive = log.log().archive();
        this.size = log.size();
        this.progress = progress;
    }

    Chosen choose(Selection selection) throws StoreException, ExportException {
        if (size == 0) {
            throw ExportException.notYet("the log has no entry under a checkpoint yet; submit one, then export again");
        }
        if (selection instanceof Selection.Range range) {
            if (range.end() > size) {
                throw ExportException.asked(
                        "the newest checkpoint covers " + size + " entries; --to " + range.end() + " is beyond it");
            }
            return Chosen.range(range.first(), range.end(), null);
        }
        if (selection instanceof Selection.Received received) {
            return received(received);
        }
        if (selection instanceof Selection.Stream stream) {
            return stream(stream.stream());
        }
        if (selection instanceof Selection.Address address) {
            return address(address);
        }
        if (selection instanceof Selection.Sample sample) {
            return new SampleDraw(log, progress).draw(sample, choose(sample.population()));
        }
        return Chosen.all(size);
    }

    private Chosen received(Selection.Received wanted) throws StoreException, ExportException {
        long first = -1;
        long last = -1;
        SegmentEntries entries = log.entries(0, size);
        for (ArchivedEntry entry = entries.next(); entry != null; entry = entries.next()) {
            progress.at("looking for the range", entry.sequence().value() + 1, size);
            var at = entry.statement().receivedAt();
            if (at.compareTo(wanted.since()) >= 0 && at.compareTo(wanted.until()) < 0) {
                first = first < 0 ? entry.sequence().value() : first;
                last = entry.sequence().value();
            }
        }
        if (first < 0) {
            throw ExportException.asked("no entry was received from " + wanted.since() + " to " + wanted.until());
        }
        return Chosen.range(first, last + 1, "--since " + wanted.since() + " --until " + wanted.until());
    }

    private Chosen stream(StreamId stream) throws StoreException, ExportException {
        ArchivedHeads closing = log.newestHeads();
        if (closing == null) {
            throw ExportException.notYet(
                    "the log has no heads entry under its newest checkpoint yet, and only one shows where"
                            + " a stream ends; ask the running server for one (--server), or wait for the next ("
                            + log.log().log().heartbeat().toMinutes() + " minutes)");
        }
        LongStream.Builder found = LongStream.builder();
        StreamHead stated = closing.heads().streams().get(stream);
        if (stated != null) {
            long count = 0;
            SegmentEntries entries = log.entries(0, stated.newest().value() + 1);
            for (ArchivedEntry entry = entries.next(); entry != null; entry = entries.next()) {
                progress.at(
                        "looking for the stream",
                        entry.sequence().value() + 1,
                        stated.newest().value() + 1);
                if (entry.statement().stream().equals(stream)) {
                    found.add(entry.sequence().value());
                    count++;
                }
            }
            if (count != stated.count()) {
                throw ExportException.broken(
                        "the heads entry " + closing.sequence() + " says stream " + stream + " has "
                                + stated.count() + " entries below it, the archive has " + count
                                + "; check it with 'terraseal verify ARCHIVE'");
            }
        }
        found.add(closing.sequence().value());
        return Chosen.stream(stream, Sequences.of(found.build()), closing);
    }

    private Chosen address(Selection.Address wanted) throws StoreException, ExportException {
        LongStream.Builder found = LongStream.builder();
        boolean any = false;
        SegmentEntries entries = log.entries(0, size);
        for (ArchivedEntry entry = entries.next(); entry != null; entry = entries.next()) {
            progress.at("looking for the address", entry.sequence().value() + 1, size);
            if (changed(entry.statement(), wanted.address())) {
                found.add(entry.sequence().value());
                any = true;
            }
        }
        if (!any) {
            throw ExportException.asked("no entry changed " + wanted.address());
        }
        return Chosen.filter("--address " + wanted.address(), Sequences.of(found.build()));
    }

    private boolean changed(Statement statement, String address) throws StoreException {
        if (statement.type() != PredicateType.TERRAFORM_APPLY && statement.type() != PredicateType.TERRAFORM_PLAN) {
            return false;
        }
        if (!(statement.body().get("changes") instanceof Json.Obj changes)) {
            return false;
        }
        if (changes.get("resources") instanceof Json.Arr resources) {
            return names(resources, address);
        }
        return changes.get("resourcesSha256") instanceof Json.Str sha256 && attached(sha256.value(), address);
    }

    private boolean attached(String sha256, String address) throws StoreException {
        try {
            Digest digest = Digest.fromHex(sha256);
            Optional<Stored> stored = archive.read(ArchiveNames.attachment(digest), Validity.sha256(digest));
            return stored.isPresent()
                    && CanonicalJson.parse(stored.get().content()) instanceof Json.Arr resources
                    && names(resources, address);
        } catch (JsonException notAList) {
            // Whoever submitted it named another file there; it lists no resources.
            return false;
        }
    }

    private static boolean names(Json.Arr resources, String address) {
        for (Json item : resources.items()) {
            if (item instanceof Json.Obj resource
                    && resource.get("address") instanceof Json.Str name
                    && name.value().equals(address)) {
                return true;
            }
        }
        return false;
    }
}
