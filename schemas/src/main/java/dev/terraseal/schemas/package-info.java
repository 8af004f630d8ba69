/** Events and topic records: their Avro form, its mapping to canonical JSON, and Confluent framing. */
@NullMarked
package dev.terraseal.schemas;

import org.jspecify.annotations.NullMarked;
