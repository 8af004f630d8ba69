/** Events as JSON: read strictly, every fault of one reported together, and written as Avro. */
@NullMarked
package dev.terraseal.schemas.json;

import org.jspecify.annotations.NullMarked;
