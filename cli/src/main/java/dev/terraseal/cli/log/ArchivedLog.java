package dev.terraseal.cli.log;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A log as its archive holds it, read in order and checked while it is read. */
public final class ArchivedLog {
    private final ArchiveReader archive;
    private final LogDeclaration log;

    /** Takes each entry; answers false to stop. */
    public interface Taker {
        boolean take(ReadEntry entry) throws IOException;
    }

    public ArchivedLog(ArchiveReader archive) throws CommandFailedException, StoreException {
        this.archive = archive;
        Optional<Stored> declaration = archive.read(ArchiveNames.LOG, ArchivedLog::isDeclaration);
        if (declaration.isEmpty()) {
            throw CommandFailedException.usage("there is no log.json in this archive, so there is no log in it");
        }
        this.log = LogDeclaration.parse(declaration.get().content());
    }

    private static boolean isDeclaration(Bytes content) {
        try {
            return !LogDeclaration.parse(content).keys().isEmpty();
        } catch (IllegalArgumentException planted) {
            return false;
        }
    }

    public LogDeclaration declaration() {
        return log;
    }

    /** Reads from {@code from} to the end of the archive, or until the taker has enough. */
    public void read(SequenceNumber from, Taker taker) throws IOException {
        SignatureChecker checker = new SignatureChecker(Providers.fast());
        ArchivedKeys.Found keys = new ArchivedKeys(archive, log, checker).read();
        EntryCheck check = new EntryCheck(keys.ring(), keys.history().next(), this::batch, checker, from.value());
        Found found = first(from, check);
        while (found != null && show(found, from, check, taker)) {
            found = next(check);
        }
    }

    private Optional<Bytes> batch(SequenceNumber first, Predicate<Bytes> signed) throws StoreException {
        Optional<Stored> stored = archive.read(ArchiveNames.batch(first), signed::test);
        return (stored.isPresent() ? stored : archive.read(ArchiveNames.batch(first), ArchivedLog::isEnvelope))
                .map(Stored::content);
    }

    private static boolean isEnvelope(Bytes content) {
        try {
            return Batch.parse(Envelope.parse(content).payload()).count() > 0;
        } catch (IllegalArgumentException planted) {
            return false;
        }
    }

    private record Found(long first, Bytes content) {}

    /** The segment with the first entry that is asked for: names downwards, for others may lie between. */
    private @Nullable Found first(SequenceNumber from, EntryCheck check) throws StoreException {
        Found unsigned = null;
        for (long bound = from.value(); bound >= 0; ) {
            Optional<SequenceNumber> name = archive.newestNumbered(
                            ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, new SequenceNumber(bound))
                    .flatMap(ArchiveNames::segmentFirst);
            if (name.isEmpty()) {
                break;
            }
            long first = name.get().value();
            Optional<Stored> signed = archive.read(
                    ArchiveNames.segment(name.get()), content -> holds(first, content, from.value(), check));
            if (signed.isPresent()) {
                return new Found(first, signed.get().content());
            }
            if (unsigned == null) {
                unsigned = archive.read(
                                ArchiveNames.segment(name.get()), content -> reaches(first, content, from.value()))
                        .map(stored -> new Found(first, stored.content()))
                        .orElse(null);
            }
            bound = first - 1;
        }
        return unsigned;
    }

    /** The segment that begins where the last one ended; of its versions the oldest that holds, another if none does. */
    private @Nullable Found next(EntryCheck check) throws StoreException {
        SequenceNumber at = new SequenceNumber(check.next());
        Optional<Stored> oldest =
                archive.read(ArchiveNames.segment(at), content -> reaches(at.value(), content, at.value()));
        Optional<Stored> signed = oldest.isEmpty() || oldest.get().alone()
                ? Optional.empty()
                : archive.read(ArchiveNames.segment(at), content -> holds(at.value(), content, at.value(), check));
        Optional<Stored> counts = signed.isPresent() ? signed : oldest;
        return counts.map(stored -> new Found(at.value(), stored.content())).orElse(null);
    }

    /** Whether it has the entry at a sequence, and all from there on hold. */
    private static boolean holds(long first, Bytes content, long from, EntryCheck check) {
        EntryCheck ahead = check.copy();
        try {
            return reaches(first, content, from)
                    && each(first, content, from, line -> ahead.check(line).holds());
        } catch (IllegalArgumentException planted) {
            return false;
        } catch (IOException unanswered) {
            throw new UncheckedIOException(unanswered);
        }
    }

    private static boolean reaches(long first, Bytes content, long from) {
        try {
            Segment segment = Segment.parse(new SequenceNumber(first), content);
            Bytes statement = segment.entries().get(0).statement();
            return segment.end() > from
                    && StatementIdentity.scan(statement).sequence().value() == first;
        } catch (IllegalArgumentException | IndexOutOfBoundsException planted) {
            return false;
        }
    }

    private interface LineTaker {
        boolean take(Json.Obj line) throws IOException;
    }

    private static boolean each(long first, Bytes content, long from, LineTaker taker) throws IOException {
        long sequence = first;
        int begin = 0;
        for (int at = 0; at < content.length(); at++) {
            if (content.at(at) != '\n') {
                continue;
            }
            if (sequence++ >= from && !taker.take(CanonicalJson.parseObject(content.slice(begin, at)))) {
                return false;
            }
            begin = at + 1;
        }
        return true;
    }

    private static boolean show(Found found, SequenceNumber from, EntryCheck check, Taker taker) throws IOException {
        return each(found.first(), found.content(), from.value(), line -> taker.take(check.check(line)));
    }
}
