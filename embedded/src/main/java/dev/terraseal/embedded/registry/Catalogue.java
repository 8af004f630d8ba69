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
    private final SortedMap<String, List<RegisteredSchema>> subjects = new TreeMap<>();
    private final TreeMap<Integer, Schema> byId = new TreeMap<>();
    private final Map<String, Integer> idByText = new HashMap<>();
    private final Map<String, Compatibility> levels = new HashMap<>();

    /** Throws if an id would mean two schemas, or a version were missing: then the topic is not this registry's. */
    void apply(RegistryEntry entry) {
        if (entry instanceof RegistryEntry.Level level) {
            levels.put(level.subject(), level.level());
        } else if (entry instanceof RegistryEntry.Version version) {
            apply(version.schema());
        }
    }

    private void apply(RegisteredSchema added) {
        List<RegisteredSchema> versions = subjects.computeIfAbsent(added.subject(), subject -> new ArrayList<>());
        Integer known = idByText.putIfAbsent(added.schema(), added.id());
        boolean oneId = known == null ? !byId.containsKey(added.id()) : known == added.id();
        if (!oneId || added.version() != versions.size() + 1) {
            throw new IllegalStateException("the registry's topic says that version " + added.version()
                    + " of subject " + added.subject() + " has id " + added.id()
                    + ", which contradicts what it says before: it was written by two registries, or changed."
                    + " Records cannot be read by schema id until that is known; restore the topic");
        }
        versions.add(added);
        byId.computeIfAbsent(added.id(), id -> new Schema.Parser().parse(added.schema()));
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
