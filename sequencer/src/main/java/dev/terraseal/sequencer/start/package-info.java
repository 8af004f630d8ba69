/** Where the sequencer takes up its work again, and when it must not: what was found, and what is done about it. */
@NullMarked
package dev.terraseal.sequencer.start;

import org.jspecify.annotations.NullMarked;
