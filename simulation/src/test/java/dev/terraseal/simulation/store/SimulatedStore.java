package dev.terraseal.simulation.store;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.simulation.Call;
import dev.terraseal.simulation.Chance;
import dev.terraseal.simulation.Fault;
import dev.terraseal.simulation.Life;
import dev.terraseal.simulation.kafka.Calls;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import dev.terraseal.store.Version;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bucket as one process has it. The oldest valid version counts; what an attacker put there blocks nothing. */
public final class SimulatedStore implements ArchiveStore {
    private final Objects objects;
    private final Calls calls;
    private final Life life;
    private final Chance chance;
    private final boolean lies;
    private final Call keep;

    /**
     * @param lies whether it now and then says it keeps a segment and does not, or keeps half of it
     * @param keep what keeping an object counts as
     */
    public SimulatedStore(Objects objects, Calls calls, Life life, Chance chance, boolean lies, Call keep) {
        this.objects = objects;
        this.calls = calls;
        this.life = life;
        this.chance = chance;
        this.lies = lies;
        this.keep = keep;
    }

    private <T> T call(Call call, Calls.Effect<T, StoreException> effect) throws StoreException {
        return calls.make(life, call, effect, SimulatedStore::failed);
    }

    private static StoreException failed(Fault fault) {
        return StoreException.passing("the store met " + fault, new IOException("simulated"));
    }

    @Override
    public Stored keep(String name, Bytes content, Instant retainUntil, Validity validity) throws StoreException {
        ArchiveNames.requireName(name);
        // Whether a segment holds costs as much as all the rest of a step, and what it is made of was checked.
        if (!name.startsWith(ArchiveNames.SEGMENTS) && !validity.holds(content)) {
            throw new IllegalArgumentException("what is to be kept as " + name + " is not valid itself");
        }
        return call(keep, () -> {
            Optional<Stored> before = oldest(name, validity);
            if (before.isPresent()) {
                return before.get();
            }
            if (lies && name.startsWith(ArchiveNames.SEGMENTS) && chance.below(4) == 0) {
                if (chance.below(2) == 0) {
                    objects.add(name, content.slice(0, content.length() / 2), true);
                }
                return new Stored(name, "lost", content);
            }
            return new Stored(name, objects.add(name, content, true).version(), content);
        });
    }

    private Optional<Stored> oldest(String name, Validity validity) {
        for (Objects.Obj each : objects.versions(name)) {
            if (each.content() != null && validity.holds(each.content())) {
                return Optional.of(new Stored(name, each.version(), each.content()));
            }
        }
        return Optional.empty();
    }

    @Override
    public void hold(String name, String version, Instant retainUntil) {
        throw new UnsupportedOperationException(
                "no stage of the simulation holds an object, and the table of calls has" + " no row for it");
    }

    @Override
    public void replace(String name, Bytes content) throws StoreException {
        call(Call.ARCHIVER_REPLACE, () -> {
            objects.set(name, content);
            return true;
        });
    }

    @Override
    public boolean advance(String name, Bytes content, Validity mayGo) throws StoreException {
        return call(Call.ARCHIVER_ADVANCE, () -> {
            Optional<Bytes> current = newest(name);
            if (current.isPresent() && !mayGo.holds(current.get())) {
                return false;
            }
            objects.set(name, content);
            return true;
        });
    }

    @Override
    public void discard(String name) throws StoreException {
        call(Call.ARCHIVER_DISCARD, () -> {
            objects.remove(name);
            return true;
        });
    }

    @Override
    public Optional<Stored> read(String name, Validity validity) throws StoreException {
        return call(Call.ARCHIVER_FETCH, () -> oldest(name, validity));
    }

    private Optional<Bytes> newest(String name) {
        List<Objects.Obj> there = objects.versions(name);
        return there.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(there.get(there.size() - 1).content());
    }

    @Override
    public Optional<Bytes> readNewest(String name) throws StoreException {
        return call(Call.ARCHIVER_NEWEST, () -> newest(name));
    }

    @Override
    public List<Version> versions(String name) throws StoreException {
        return call(Call.ARCHIVER_NAMES, () -> {
            List<Version> versions = new ArrayList<>();
            for (Objects.Obj each : objects.versions(name)) {
                int length = each.content() == null ? 0 : each.content().length();
                versions.add(new Version(each.version(), each.content() == null, length, Instant.EPOCH));
            }
            return versions;
        });
    }

    @Override
    public List<String> names(String prefix, String after, int limit) throws StoreException {
        return call(
                Call.ARCHIVER_NAMES,
                () -> objects.all().tailMap(after, false).keySet().stream()
                        .filter(name -> name.startsWith(prefix))
                        .limit(limit)
                        .toList());
    }

    @Override
    public Optional<String> newestNumbered(String prefix, String suffix, SequenceNumber bound) throws StoreException {
        return call(Call.ARCHIVER_LIST, () -> {
            String name = objects.all().floorKey(prefix + bound.padded() + suffix);
            while (name != null && name.startsWith(prefix)) {
                if (ArchiveNames.number(prefix, name, suffix).isPresent()) {
                    return Optional.of(name);
                }
                name = objects.all().lowerKey(name);
            }
            return Optional.empty();
        });
    }

    @Override
    public String immutability() {
        return "simulated";
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
