package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import dev.terraseal.testkit.log.FixtureEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A bucket to which anybody may write: versions under names, the oldest first. */
public final class VersionedArchive implements ArchiveReader {
    private final TreeMap<String, List<Bytes>> objects = new TreeMap<>();

    public void put(String name, Bytes content) {
        objects.computeIfAbsent(name, any -> new ArrayList<>()).add(content);
    }

    /** Puts a segment that says it begins at {@code first}. */
    public void segment(long first, List<FixtureEntry> entries) {
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry -> lines.append(entry.segmentLine().utf8()).append('\n'));
        put(ArchiveNames.segment(new SequenceNumber(first)), Bytes.utf8(lines.toString()));
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) {
        return objects.getOrDefault(name, List.of()).stream()
                .filter(validity::holds)
                .findFirst()
                .map(content -> new Stored(name, "v", content));
    }

    @Override
    public Optional<Bytes> readNewest(String name) {
        List<Bytes> versions = objects.getOrDefault(name, List.of());
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(versions.size() - 1));
    }

    @Override
    public List<Version> versions(String name) {
        return objects.getOrDefault(name, List.of()).stream()
                .map(content -> new Version("v", false, content.length(), Instant.EPOCH))
                .toList();
    }

    @Override
    public List<String> names(String prefix, String after, int limit) {
        return objects.tailMap(after, false).keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) {
        String floor = objects.floorKey(prefix + bound.padded() + suffix);
        return floor == null || ArchiveNames.number(prefix, floor, suffix).isEmpty()
                ? Optional.empty()
                : Optional.of(floor);
    }

    @Override
    public String immutability() {
        return "none";
    }

    @Override
    public void close() {}
}
