package dev.terraseal.embedded.registry;

import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.schemas.registry.Compatibility;
import dev.terraseal.schemas.registry.RegisteredSchema;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * The registry's decisions. An id is given by the single writer, densely from 1, and is answered only when the topic has
 * it: nobody ever holds an id that a restart could give to another schema.
 */
final class Registry implements AutoCloseable {
    private final KafkaConnection connection;
    private final InstantSource clock;
    private Catalogue catalogue = new Catalogue();
    private @Nullable SchemaTopic topic;
    private boolean fenced;

    private Registry(KafkaConnection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
    }

    static Registry open(KafkaConnection connection, InstantSource clock) {
        Registry registry = new Registry(connection, clock);
        registry.topic = SchemaTopic.open(connection, clock, registry.catalogue);
        return registry;
    }

    synchronized RegisteredSchema register(String subject, String text) throws RegistryError {
        Schema schema = AvroSchemas.parse(text);
        return written(() -> registerOnce(subject, schema));
    }

    private RegisteredSchema registerOnce(String subject, Schema schema) throws RegistryError {
        SchemaTopic open = topic();
        String stored = schema.toString();
        var existing = catalogue.find(subject, stored);
        if (existing.isPresent()) {
            return existing.get();
        }
        Compatibility level = catalogue.level(subject);
        List<String> conflicts = AvroSchemas.conflicts(level, schema, schemas(subject));
        if (!conflicts.isEmpty()) {
            throw RegistryError.incompatible(subject, conflicts + "; compatibility " + level);
        }
        catalogue.requireRoomFor(subject, stored);
        RegisteredSchema added = new RegisteredSchema(
                subject,
                catalogue.versions(subject).size() + 1,
                catalogue.idOf(stored).orElseGet(catalogue::nextId),
                stored);
        write(open, new RegistryEntry.Version(added));
        return added;
    }

    synchronized void setLevel(String subject, String text) throws RegistryError {
        Compatibility level = Compatibility.fromText(text.toUpperCase(Locale.ROOT))
                .orElseThrow(() -> RegistryError.invalidLevel(text));
        written(() -> {
            SchemaTopic open = topic();
            catalogue.requireRoomFor(subject);
            write(open, new RegistryEntry.Level(subject, level));
            return level;
        });
    }

    /** Once more after a failure that passes: Kafka forgets a writer that wrote nothing for weeks. */
    private <T> T written(Step<T> step) throws RegistryError {
        try {
            return step.run();
        } catch (RegistryError e) {
            if (e.code() != RegistryError.STORE || fenced) {
                throw e;
            }
            return step.run();
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T run() throws RegistryError;
    }

    /** After a failed write nobody knows whether the entry is kept: the topic is read again before anything else. */
    private SchemaTopic topic() throws RegistryError {
        if (fenced) {
            // Opening again would fence the other one in turn, for ever.
            throw RegistryError.store(
                    "another registry of this deployment has taken over; stop one of the two and start this one again");
        }
        if (topic == null) {
            Catalogue fresh = new Catalogue();
            topic = SchemaTopic.open(connection, clock, fresh);
            catalogue = fresh;
        }
        return topic;
    }

    private void write(SchemaTopic open, RegistryEntry entry) throws RegistryError {
        try {
            open.write(entry);
            catalogue.apply(entry);
        } catch (KafkaException e) {
            topic = null;
            fenced = e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException;
            open.close();
            throw RegistryError.store("Kafka did not keep the entry (" + e.getMessage() + "); send it again");
        }
    }

    synchronized List<String> subjects() {
        return catalogue.subjects();
    }

    synchronized List<RegisteredSchema> versions(String subject) throws RegistryError {
        List<RegisteredSchema> versions = catalogue.versions(subject);
        if (versions.isEmpty()) {
            throw RegistryError.subjectUnknown(subject);
        }
        return List.copyOf(versions);
    }

    synchronized RegisteredSchema version(String subject, String version) throws RegistryError {
        List<RegisteredSchema> versions = versions(subject);
        int number = number(version, versions.size());
        if (number > versions.size()) {
            throw RegistryError.versionUnknown(version);
        }
        return versions.get(number - 1);
    }

    private static int number(String version, int latest) throws RegistryError {
        if (version.equals("latest") || version.equals("-1")) {
            return latest;
        }
        try {
            int number = Integer.parseInt(version);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw RegistryError.invalidVersion(version);
        }
        throw RegistryError.invalidVersion(version);
    }

    synchronized RegisteredSchema find(String subject, String text) throws RegistryError {
        String stored = AvroSchemas.parse(text).toString();
        versions(subject);
        return catalogue.find(subject, stored).orElseThrow(RegistryError::schemaUnknown);
    }

    synchronized Schema byId(int id) throws RegistryError {
        return catalogue.byId(id).orElseThrow(RegistryError::schemaUnknown);
    }

    synchronized List<RegisteredSchema> withId(int id) throws RegistryError {
        byId(id);
        return catalogue.withId(id);
    }

    synchronized Compatibility level() {
        return catalogue.level();
    }

    synchronized Compatibility level(String subject, boolean orGlobal) throws RegistryError {
        Compatibility own = catalogue.ownLevel(subject);
        if (own == null && !orGlobal) {
            throw RegistryError.noLevelOfItsOwn(subject);
        }
        return catalogue.level(subject);
    }

    /** Why the schema may not become the next version, against one version or, without it, as registering would judge. */
    synchronized List<String> conflicts(String subject, @Nullable String version, String text) throws RegistryError {
        Schema schema = AvroSchemas.parse(text);
        boolean wouldBeFirst = catalogue.versions(subject).isEmpty() && "latest".equals(version);
        if (version == null || wouldBeFirst) {
            return AvroSchemas.conflicts(catalogue.level(subject), schema, schemas(subject));
        }
        Schema against = AvroSchemas.parse(version(subject, version).schema());
        return AvroSchemas.conflicts(catalogue.level(subject), schema, List.of(against));
    }

    private List<Schema> schemas(String subject) throws RegistryError {
        List<Schema> schemas = new java.util.ArrayList<>();
        for (RegisteredSchema version : catalogue.versions(subject)) {
            schemas.add(byId(version.id()));
        }
        return schemas;
    }

    @Override
    public synchronized void close() {
        if (topic != null) {
            topic.close();
            topic = null;
        }
    }
}
