/** An archive in a directory (FORMATS section 7), everything in it derived again from its segments. */
@NullMarked
package dev.terraseal.verifier.archive;

import org.jspecify.annotations.NullMarked;
