/**
 * The archiver: takes signed entries from Kafka, keeps them where they cannot be changed, grows the Merkle tree over them
 * and signs its checkpoints. {@link dev.terraseal.archiver.ArchiveWriter} holds the order of writes.
 */
@NullMarked
package dev.terraseal.archiver;

import org.jspecify.annotations.NullMarked;
