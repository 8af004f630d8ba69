package dev.terraseal.schemas;

import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.avro.RefusedDataException;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * From the value of a record on {@code terraseal.events} to an event, or to the reason why it is none. Whatever the bytes
 * are, the answer is one of the two; a function of the bytes and of the schema their id stands for.
 *
 * <p>Records written with our own schema take one pass from Avro to canonical JSON. Others are first resolved to ours by
 * Avro's rules. Holds buffers: one instance a thread.
 */
public final class EventDecoder {
    /** The largest record the events topic takes. */
    public static final int RECORD_MAX = 1024 * 1024;

    private final int ownSchemaId;
    private final EventReader reader = new EventReader();
    private final ForeignEvents foreign;

    /**
     * @param ownSchemaId the id of {@link TopicSchemas#EVENT} in the registry
     * @param schemas where the schemas of other writers come from
     */
    public EventDecoder(int ownSchemaId, SchemaSource schemas) {
        this.ownSchemaId = ownSchemaId;
        this.foreign = new ForeignEvents(schemas);
    }

    /**
     * @param value of the record; null is refused like any other value that is no event
     * @throws RegistryUnavailableException when the schema of another writer cannot be asked for: the record must wait
     */
    public DecodedEvent decode(byte @Nullable [] value) throws RegistryUnavailableException {
        reader.forget();
        try {
            int schemaId = schemaId(value);
            if (value != null && schemaId == ownSchemaId) {
                return new DecodedEvent.Decoded(reader.read(value, ConfluentFraming.HEADER_BYTES, value.length));
            }
            byte[] ours = foreign.toOwnSchema(schemaId, value == null ? new byte[0] : value);
            return new DecodedEvent.Decoded(reader.read(ours, 0, ours.length));
        } catch (RefusedDataException refused) {
            return refused(refused);
        }
    }

    /** Reads an unframed Avro event of our own schema. */
    public DecodedEvent decodeOwn(byte[] avro) {
        reader.forget();
        try {
            return new DecodedEvent.Decoded(reader.read(avro, 0, avro.length));
        } catch (RefusedDataException refused) {
            return refused(refused);
        }
    }

    private DecodedEvent refused(RefusedDataException refused) {
        StreamId stream = reader.stream();
        EventId id = reader.id();
        Rejection rejection = new Rejection(refused.reason(), refused.getMessage());
        return new DecodedEvent.Refused(rejection, refused.pointer(), stream, id);
    }

    private static int schemaId(byte @Nullable [] value) {
        if (value == null) {
            throw new RefusedDataException(
                    RejectionReason.MALFORMED_RECORD,
                    "the record has no value (a tombstone), and the log forgets nothing");
        }
        if (value.length > RECORD_MAX) {
            throw new RefusedDataException(
                    RejectionReason.TOO_LARGE,
                    "the record has " + value.length + " bytes, and an event at most " + RECORD_MAX
                            + "; submit what is large as an attachment and name its digest");
        }
        try {
            return ConfluentFraming.schemaId(value);
        } catch (IllegalArgumentException notFramed) {
            throw RefusedDataException.because(RejectionReason.MALFORMED_RECORD, notFramed);
        }
    }
}
