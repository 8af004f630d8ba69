/** The sequencer beside a plain exactly-once copy of the same records on the same broker. */
@NullMarked
package dev.terraseal.bench.sequencer;

import org.jspecify.annotations.NullMarked;
