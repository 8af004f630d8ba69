/** Time stamps of checkpoints by third parties, beside the archiver and never in its way. */
@NullMarked
package dev.terraseal.archiver.time;

import org.jspecify.annotations.NullMarked;
