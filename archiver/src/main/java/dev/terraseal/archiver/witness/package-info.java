/** Asks witnesses to cosign checkpoints, beside the archiver and never in its way. */
@NullMarked
package dev.terraseal.archiver.witness;

import org.jspecify.annotations.NullMarked;
