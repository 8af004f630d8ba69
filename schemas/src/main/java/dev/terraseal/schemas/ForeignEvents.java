package dev.terraseal.schemas;

import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.avro.AvroInput;
import dev.terraseal.schemas.avro.BoundedDecoder;
import dev.terraseal.schemas.avro.RefusedDataException;
import dev.terraseal.schemas.avro.WriterSchemaRules;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Records written with another version of the Event schema, brought to ours by Avro's own resolution and written again,
 * so that one code path alone makes statements.
 */
final class ForeignEvents {
    private static final int CACHED_MAX = 256;

    private final SchemaSource schemas;
    private final Schema own = TopicSchemas.EVENT.schema();
    private final GenericData data = slow();
    private final GenericDatumWriter<Object> writer = new GenericDatumWriter<>(own, data);
    /** Schemas that resolve to ours. What is refused is asked for again: its id may be registered later. */
    private final Map<Integer, GenericDatumReader<Object>> readers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, GenericDatumReader<Object>> eldest) {
            return size() > CACHED_MAX;
        }
    };

    ForeignEvents(SchemaSource schemas) {
        this.schemas = schemas;
    }

    /** Without Avro's fast reader, which is its default and asks none of what {@link EveryEntryReader} overrides. */
    private static GenericData slow() {
        GenericData data = new GenericData();
        data.setFastReaderEnabled(false);
        return data;
    }

    /** The record, unframed, in our own schema. */
    byte[] toOwnSchema(int schemaId, byte[] framed) throws RegistryUnavailableException {
        GenericDatumReader<Object> reader = readers.get(schemaId);
        if (reader == null) {
            reader = reader(schemaId);
            readers.put(schemaId, reader);
        }
        AvroInput in = new AvroInput().reset(framed, ConfluentFraming.HEADER_BYTES, framed.length);
        ByteArrayOutputStream ours = new ByteArrayOutputStream(framed.length + 64);
        try {
            Object event = reader.read(null, new BoundedDecoder(in));
            in.expectEnd();
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(ours, null);
            writer.write(event, encoder);
            encoder.flush();
        } catch (RefusedDataException refused) {
            throw refused;
        } catch (IOException | RuntimeException | StackOverflowError avroGaveUp) {
            // Avro answers bad data with many exception classes and, nested deep enough, with a stack overflow.
            throw new RefusedDataException(
                    RejectionReason.MALFORMED_RECORD,
                    "not Avro of schema " + schemaId + ": " + avroGaveUp.getMessage());
        }
        if (ours.size() > EventDecoder.RECORD_MAX) {
            throw new RefusedDataException(RejectionReason.TOO_LARGE, "the event has " + ours.size() + " bytes");
        }
        return ours.toByteArray();
    }

    private GenericDatumReader<Object> reader(int schemaId) throws RegistryUnavailableException {
        Schema foreign = schemas.byId(schemaId)
                .orElseThrow(() -> new RefusedDataException(
                        RejectionReason.UNKNOWN_SCHEMA,
                        "the registry knows no schema " + schemaId + "; register it before you send with it"));
        try {
            WriterSchemaRules.require(foreign, own);
            SchemaCompatibility.SchemaPairCompatibility fit =
                    SchemaCompatibility.checkReaderWriterCompatibility(own, foreign);
            if (fit.getType() != SchemaCompatibilityType.COMPATIBLE) {
                throw new IllegalArgumentException(
                        "schema " + schemaId + " (" + foreign.getName() + ") is not one of an Event: "
                                + fit.getResult().getIncompatibilities().stream()
                                        .findFirst()
                                        .map(first -> first.getLocation() + " " + first.getMessage())
                                        .orElse("Avro says no more"));
            }
            return new EveryEntryReader(foreign, own, data);
        } catch (RuntimeException | StackOverflowError notAnEvent) {
            throw RefusedDataException.because(RejectionReason.WRONG_SCHEMA, notAnEvent);
        }
    }

    /** Avro lets the last of two entries with one key win; evidence is refused rather than altered. */
    private static final class EveryEntryReader extends GenericDatumReader<Object> {
        EveryEntryReader(Schema writer, Schema reader, GenericData data) {
            super(writer, reader, data);
        }

        @Override
        @SuppressWarnings("unchecked")
        protected void addToMap(Object map, Object key, Object value) {
            if (((Map<Object, Object>) map).put(key, value) != null) {
                throw new RefusedDataException(RejectionReason.BAD_VALUE, "the map key '" + key + "' is there twice");
            }
        }
    }
}
