/**
 * A small schema registry: the part of Confluent's REST API that its clients need, kept in a compacted topic, so that ids
 * are the same after every restart.
 */
@NullMarked
package dev.terraseal.embedded.registry;

import org.jspecify.annotations.NullMarked;
