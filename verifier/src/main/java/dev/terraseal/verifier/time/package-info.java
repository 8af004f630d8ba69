/** When things happened, as far as parties other than the log say: time-stamp tokens, and heads that producers quote. */
@NullMarked
package dev.terraseal.verifier.time;

import org.jspecify.annotations.NullMarked;
