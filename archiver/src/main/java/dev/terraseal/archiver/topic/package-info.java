/** Kafka as the archiver uses it: signed entries in, checkpoints out. */
@NullMarked
package dev.terraseal.archiver.topic;

import org.jspecify.annotations.NullMarked;
