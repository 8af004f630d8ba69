/** Signed notes, checkpoints and cosignatures as C2SP writes them (signed-note, tlog-checkpoint, tlog-cosignature). */
@NullMarked
package dev.terraseal.core.checkpoint;

import org.jspecify.annotations.NullMarked;
