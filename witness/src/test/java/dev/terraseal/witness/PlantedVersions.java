package dev.terraseal.witness;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An archive in which somebody put versions under names before the log's own came. */
final class PlantedVersions implements ArchiveReader {
    private final ArchiveReader real;
    private final Map<String, List<Bytes>> planted = new HashMap<>();

    PlantedVersions(ArchiveReader real) {
        this.real = real;
    }

    PlantedVersions plant(String name, Bytes... versions) {
        planted.put(name, List.of(versions));
        return this;
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) throws StoreException {
        for (Bytes version : planted.getOrDefault(name, List.of())) {
            if (validity.holds(version)) {
                return Optional.of(new Stored(name, "planted", version));
            }
        }
        return real.read(name, validity);
    }

    @Override
    public Optional<Bytes> readNewest(String name) throws StoreException {
        return real.readNewest(name);
    }

    @Override
    public List<Version> versions(String name) throws StoreException {
        return real.versions(name);
    }

    @Override
    public List<String> names(String prefix, String after, int limit) throws StoreException {
        return real.names(prefix, after, limit);
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException {
        return real.newestNumbered(prefix, suffix, bound);
    }

    @Override
    public String immutability() {
        return real.immutability();
    }

    @Override
    public void close() {
        real.close();
    }
}
