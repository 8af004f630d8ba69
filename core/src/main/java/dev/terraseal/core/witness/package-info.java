/** What passes between a log and its witnesses (C2SP tlog-witness), and the proof that a log showed two histories. */
@NullMarked
package dev.terraseal.core.witness;

import org.jspecify.annotations.NullMarked;
