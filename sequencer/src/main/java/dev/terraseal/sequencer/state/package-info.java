/** What the sequencer knows of a log, and the pure step from an event to an entry, a duplicate or a rejection. */
@NullMarked
package dev.terraseal.sequencer.state;

import org.jspecify.annotations.NullMarked;
