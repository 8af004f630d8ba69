/** A bundle (FORMATS section 8), layer by layer. */
@NullMarked
package dev.terraseal.verifier.bundle;

import org.jspecify.annotations.NullMarked;
