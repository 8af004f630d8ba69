package dev.terraseal.cli.log;

import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.Segment;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A log as its archive holds it, read in order and checked while it is read. */
public final class ArchivedLog {
    private static final int NAMES = 1000;

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
        EntryCheck check = new EntryCheck(
                keys.ring(),
                keys.history().next(),
                first -> archive.read(ArchiveNames.batch(first), Validity.any()).map(Stored::content),
                checker,
                from.value());
        Optional<String> first = archive.newestNumbered(ArchiveNames.SEGMENTS, ArchiveNames.SEGMENT_SUFFIX, from);
        if (first.isEmpty() || !segment(first.get(), from, check, taker)) {
            return;
        }
        String after = first.get();
        while (true) {
            List<String> names = archive.names(ArchiveNames.SEGMENTS, after, NAMES);
            if (names.isEmpty()) {
                return;
            }
            for (String name : names) {
                if (!segment(name, from, check, taker)) {
                    return;
                }
            }
            after = names.get(names.size() - 1);
        }
    }

    private static boolean isSegment(SequenceNumber first, Bytes content) {
        try {
            Bytes statement = Segment.parse(first, content).entries().get(0).statement();
            return StatementIdentity.scan(statement).sequence().equals(first);
        } catch (IllegalArgumentException | IndexOutOfBoundsException planted) {
            return false;
        }
    }

    private boolean segment(String name, SequenceNumber from, EntryCheck check, Taker taker) throws IOException {
        Optional<SequenceNumber> number = ArchiveNames.segmentFirst(name);
        Optional<Stored> stored =
                number.isEmpty() ? Optional.empty() : archive.read(name, content -> isSegment(number.get(), content));
        if (stored.isEmpty() || number.isEmpty()) {
            // What others put beside the log is named by audit.
            return true;
        }
        long sequence = number.get().value();
        byte[] bytes = stored.get().content().toByteArray();
        int begin = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] != '\n') {
                continue;
            }
            if (sequence++ >= from.value()
                    && !taker.take(check.check(CanonicalJson.parseObject(Bytes.copyOf(bytes, begin, at))))) {
                return false;
            }
            begin = at + 1;
        }
        return true;
    }
}
