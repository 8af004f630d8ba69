package dev.terraseal.run.spool;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The intents in a spool: each belongs to a run in progress, or to one whose process died. */
record Orphans(Spool spool, EvidenceDirectory evidence) {
    /** The runs by their files. */
    Map<Path, EventId> intents() throws IOException {
        Map<Path, EventId> out = new TreeMap<>();
        for (Path file : spool.files("intents", ".json")) {
            String name = String.valueOf(file.getFileName());
            try {
                out.put(file, new EventId(name.substring(0, name.length() - ".json".length())));
            } catch (IllegalArgumentException noneOfOurs) {
                evidence.unreadable(file, noneOfOurs);
            }
        }
        return out;
    }

    List<Orphan> adopt() throws IOException, InterruptedException {
        List<Orphan> orphans = new ArrayList<>();
        for (Map.Entry<Path, EventId> intent : intents().entrySet()) {
            try (FileLease lease = leaseOfTheDead(intent.getValue())) {
                if (lease != null) {
                    adopt(intent.getKey(), intent.getValue()).ifPresent(orphans::add);
                }
            }
        }
        return orphans;
    }

    /** Null while its run lives, or where nobody can tell. */
    private @Nullable FileLease leaseOfTheDead(EventId id) {
        Path file = spool.leaseFile(id);
        try {
            return FileLease.tryTake(file);
        } catch (IOException unreadable) {
            evidence.unreadable(file, unreadable);
            return null;
        }
    }

    private Optional<Orphan> adopt(Path file, EventId id) throws IOException, InterruptedException {
        Intent.Left left;
        try {
            left = Intent.read(Bytes.wrap(Files.readAllBytes(file)));
        } catch (NoSuchFileException endedMeanwhile) {
            Durable.delete(spool.leaseFile(id));
            return Optional.empty();
        } catch (IOException | IllegalArgumentException unreadable) {
            evidence.unreadable(file, unreadable);
            Durable.delete(spool.leaseFile(id));
            return Optional.empty();
        }
        StreamId stream = left.stream();
        Bytes event = left.event();
        if (stream != null && event != null) {
            spool.enqueue(stream, id, event);
        }
        try {
            Scratch.remove(left.scratch());
        } catch (IOException kept) {
            evidence.tell(
                    left.scratch(),
                    "the directory " + left.scratch() + " of run " + id
                            + " could not be removed; it may hold a plan with secrets: " + kept.getMessage());
        }
        Durable.delete(file);
        Durable.delete(spool.leaseFile(id));
        return Optional.of(new Orphan(id, event != null));
    }
}
