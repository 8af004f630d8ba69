package dev.terraseal.schemas.avro;

import dev.terraseal.core.canonical.CanonicalBuffer;

/** Reads one Avro value and writes its canonical JSON. */
interface JsonWriter {
    void write(AvroInput in, CanonicalBuffer out);
}
