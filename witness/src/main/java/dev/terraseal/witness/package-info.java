/** {@code terraseal witness}: somebody else's word that a log grew and never changed (C2SP tlog-witness). */
@NullMarked
package dev.terraseal.witness;

import org.jspecify.annotations.NullMarked;
