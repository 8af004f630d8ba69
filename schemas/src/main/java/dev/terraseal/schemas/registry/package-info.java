/** The schema registry: Confluent's REST API as this product uses it. */
@NullMarked
package dev.terraseal.schemas.registry;

import org.jspecify.annotations.NullMarked;
