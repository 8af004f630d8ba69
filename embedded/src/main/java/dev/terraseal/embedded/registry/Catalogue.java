package dev.terraseal.embedded.registry;

import dev.terraseal.schemas.registry.Compatibility;
import dev.terraseal.schemas.registry.RegisteredSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What the registry knows: a function of the entries applied, in their order. Not thread-safe. */
final class Catalogue {
    /** Far above any deployment: a topic has one subject or two, and a start reads all of them into memory for ever. */
    static final int SUBJECTS_MAX = 2_000;

    static final int VERSIONS_MAX = 10_000;
    static final int SUBJECT_LENGTH_MAX = 1_000;
    static final long TEXT_MAX = 16L << 20;

    private final SortedMap<String, List<RegisteredSchema>> subjects = new TreeMap<>();
    private final TreeMap<Integer, Schema> byId = new TreeMap<>();
    private final Map<String, Integer> idByText = new HashMap<>();
    private final Map<String, Compatibility> levels = new HashMap<>();
    private int versions;
    private long text;

    /** Throws if an id would mean two schemas, or a version were missing: then the topic is not this registry's. */
    void apply(RegistryEntry entry) {
        if (entry instanceof RegistryEntry.Level level) {
            levels.put(level.subject(), level.level());
        } else if (entry instanceof RegistryEntry.Version version) {
            apply(version.schema());
        }
    }

    private void apply(RegisteredSchema added) {
        List<RegisteredSchema> before = subjects.computeIfAbsent(added.subject(), subject -> new ArrayList<>());
        Integer known = idByText.putIfAbsent(added.schema(), added.id());
        boolean oneId = known == null ? !byId.containsKey(added.id()) : known == added.id();
        if (!oneId || added.version() != before.size() + 1) {
            throw new IllegalStateException("the registry's topic says that version " + added.version()
                    + " of subject " + added.subject() + " has id " + added.id()
                    + ", which contradicts what it says before: it was written by two registries, or changed."
                    + " Records cannot be read by schema id until that is known; restore the topic");
        }
        before.add(added);
        versions++;
        text += added.schema().length();
        byId.computeIfAbsent(added.id(), id -> new Schema.Parser().parse(added.schema()));
    }

    /** Refuses a new version beyond what is kept; what is there is always read. */
    void requireRoomFor(String subject, String schema) throws RegistryError {
        requireRoomFor(subject);
        if (versions >= VERSIONS_MAX) {
            throw RegistryError.notPermitted("this registry keeps " + VERSIONS_MAX + " versions and has as many");
        }
        if (text + schema.length() > TEXT_MAX) {
            throw RegistryError.notPermitted(
                    "this registry keeps " + (TEXT_MAX >> 20) + " MiB of schemas, which this one would pass");
        }
    }

    /** The same for anything that is kept of a subject. */
    void requireRoomFor(String subject) throws RegistryError {
        if (subject.length() > SUBJECT_LENGTH_MAX) {
            throw RegistryError.notPermitted("a subject has at most " + SUBJECT_LENGTH_MAX + " characters");
        }
        boolean known = subjects.containsKey(subject) || levels.containsKey(subject);
        if (!known && (subjects.size() >= SUBJECTS_MAX || levels.size() >= SUBJECTS_MAX)) {
            throw RegistryError.notPermitted("this registry keeps " + SUBJECTS_MAX + " subjects and has as many");
        }
    }

    int nextId() {
        return byId.isEmpty() ? 1 : byId.lastKey() + 1;
    }

    Optional<Integer> idOf(String text) {
        return Optional.ofNullable(idByText.get(text));
    }

    Optional<Schema> byId(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    List<String> subjects() {
        return List.copyOf(subjects.keySet());
    }

    /** Oldest first; empty for an unknown subject. */
    List<RegisteredSchema> versions(String subject) {
        return subjects.getOrDefault(subject, List.of());
    }

    List<RegisteredSchema> withId(int id) {
        return subjects.values().stream()
                .flatMap(List::stream)
                .filter(version -> version.id() == id)
                .toList();
    }

    Optional<RegisteredSchema> find(String subject, String text) {
        return versions(subject).stream()
                .filter(version -> version.schema().equals(text))
                .findFirst();
    }

    @Nullable Compatibility ownLevel(String subject) {
        return levels.get(subject);
    }

    /** Confluent's default is BACKWARD, which lets the second change break what the first one kept. */
    Compatibility level() {
        return levels.getOrDefault("", Compatibility.BACKWARD_TRANSITIVE);
    }

    Compatibility level(String subject) {
        return levels.getOrDefault(subject, level());
    }
}
