/** The only Kafka Streams application: gives every event its place, once, or says why it has none. */
@NullMarked
package dev.terraseal.sequencer;

import org.jspecify.annotations.NullMarked;
