package dev.terraseal.schemas;

import dev.terraseal.schemas.registry.RegistryUnavailableException;
import java.util.Optional;
import org.apache.avro.Schema;

/** Where the schemas of other writers come from. An id, once answered, means the same schema for ever. */
@FunctionalInterface
public interface SchemaSource {
    /**
     * The schema of this id; empty when the registry says it knows none.
     *
     * @throws dev.terraseal.schemas.avro.RefusedDataException when there is one that no event can be written with, saying why
     * @throws RegistryUnavailableException when the registry does not answer; the record must then wait
     */
    Optional<Schema> byId(int id) throws RegistryUnavailableException;

    /** A source that knows nothing: only records written with our own schema are read. */
    static SchemaSource none() {
        return id -> Optional.empty();
    }
}
