/** Avro binary read and written directly: within bounds, without trees, straight to and from canonical JSON. */
@NullMarked
package dev.terraseal.schemas.avro;

import org.jspecify.annotations.NullMarked;
