/** What the caller brings: a genesis or a trust file, and what is demanded beyond integrity. */
@NullMarked
package dev.terraseal.verifier.trust;

import org.jspecify.annotations.NullMarked;
