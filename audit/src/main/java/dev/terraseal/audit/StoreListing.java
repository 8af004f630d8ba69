package dev.terraseal.audit;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.tiles.TilePath;
import dev.terraseal.store.ObjectHistory;
import dev.terraseal.store.Version;
import dev.terraseal.store.VersionedStore;
import dev.terraseal.verifier.archive.ArchiveListing;
import dev.terraseal.verifier.files.MemberNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Everything a store has, at one moment. Contents are fetched once and kept in a {@link WorkDirectory}. */
final class StoreListing implements ArchiveListing {
    private final VersionedStore store;
    private final WorkDirectory work;
    private final NavigableMap<String, Held> objects = new TreeMap<>();
    private final List<String> oddities = new ArrayList<>();
    private List<String> present = List.of();

    /** An object and the version of it that counts. */
    static final class Held {
        private final ObjectHistory history;
        private final ObjectKind kind;
        private List<Version> contents;
        private int counts;

        private Held(ObjectHistory history) {
            this.history = history;
            this.kind = ObjectKind.of(history.name());
            this.contents = history.versions().stream()
                    .filter(each -> !each.deleteMarker())
                    .toList();
            this.counts = kind == ObjectKind.MUTABLE ? contents.size() - 1 : 0;
        }

        String name() {
            return history.name();
        }

        ObjectKind kind() {
            return kind;
        }

        /** Oldest first, delete markers among them. */
        List<Version> versions() {
            return history.versions();
        }

        /** The versions with content, without those that were gone when they were to be read. */
        List<Version> contents() {
            return contents;
        }

        /** The version that counts. Only where there are {@link #contents}. */
        Version counting() {
            return contents.get(counts);
        }

        private synchronized void gone(Version version) {
            contents = contents.stream().filter(each -> !each.equals(version)).toList();
            counts = 0;
        }
    }

    StoreListing(VersionedStore store, WorkDirectory work, String prefix) throws IOException {
        this.store = store;
        this.work = work;
        store.histories(prefix, this::see);
        settlePresent();
    }

    private void see(ObjectHistory history) {
        if (MemberNames.isPlain(history.name())) {
            objects.put(history.name(), new Held(history));
        } else {
            oddities.add(history.name());
        }
    }

    private void settlePresent() {
        List<String> names = new ArrayList<>();
        for (Held held : objects.values()) {
            if (isPresent(held)) {
                names.add(held.name());
            }
        }
        present = Collections.unmodifiableList(names);
    }

    /** A locked object cannot be hidden by a marker. A partial tile is gone once the full one is there. */
    private boolean isPresent(Held held) {
        if (held.contents().isEmpty()) {
            return false;
        }
        boolean hidden =
                held.kind() == ObjectKind.MUTABLE && held.history.newest().deleteMarker();
        return !hidden
                || TilePath.parse(held.name())
                        .map(partial -> !objects.containsKey(partial.full().path()))
                        .orElse(false);
    }

    /** Fetches what the archive is made of, several at a time, and leaves what lies beside it. */
    void fetch(Parallel parallel) throws IOException {
        List<Held> wanted = new ArrayList<>();
        for (String name : present) {
            Held held = held(name);
            if (held.kind() != ObjectKind.BESIDE) {
                wanted.add(held);
            }
        }
        parallel.each("reading", wanted, held -> {
            List<Version> versions = held.kind() == ObjectKind.MUTABLE ? List.of(held.counting()) : held.contents();
            for (Version version : versions) {
                if (fetch(held, version).isEmpty()) {
                    held.gone(version);
                }
            }
        });
        settlePresent();
    }

    private Optional<Path> fetch(Held held, Version version) throws IOException {
        Optional<Path> there = work.content(held.name(), version.id());
        if (there.isPresent()) {
            return there;
        }
        Optional<Bytes> content = store.content(held.name(), version.id());
        return content.isEmpty() ? Optional.empty() : Optional.of(work.keep(held.name(), version.id(), content.get()));
    }

    /** Every object with a plain name, also those that are gone but for a delete marker. */
    Iterable<Held> all() {
        return objects.values();
    }

    private Held held(String name) {
        Held held = objects.get(name);
        if (held == null) {
            throw new IllegalArgumentException("there is no " + name);
        }
        return held;
    }

    private Path file(String name, int index) throws IOException {
        Held held = held(name);
        Version version = held.contents().get(index);
        return fetch(held, version)
                .orElseThrow(() -> new IOException(name + " version " + version.id()
                        + " was listed and is gone; is something deleting from the store?"));
    }

    @Override
    public List<String> names() {
        return present;
    }

    @Override
    public List<String> oddities() {
        return Collections.unmodifiableList(oddities);
    }

    @Override
    public boolean has(String name) {
        return Collections.binarySearch(present, name) >= 0;
    }

    @Override
    public int versions(String name) {
        Held held = held(name);
        return held.kind() == ObjectKind.MUTABLE ? 1 : held.contents().size();
    }

    @Override
    public Bytes version(String name, int index) throws IOException {
        int at = held(name).kind() == ObjectKind.MUTABLE ? held(name).counts : index;
        return Bytes.wrap(Files.readAllBytes(file(name, at)));
    }

    @Override
    public void count(String name, int index) {
        Held held = held(name);
        if (held.kind() != ObjectKind.MUTABLE) {
            held.counts = index;
        }
    }

    @Override
    public long size(String name) {
        return held(name).counting().length();
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(file(name, held(name).counts));
    }

    @Override
    public void close() {
        // Contents stay in the work directory; nothing is held open.
    }
}
