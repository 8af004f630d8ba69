/**
 * Bundles broken in every way we can think of, each with what a verifier has to say about it. It knows the formats and no
 * verifier: the one in Java and the one in the browser are both held to it.
 */
@NullMarked
package dev.terraseal.testkit.mutation;

import org.jspecify.annotations.NullMarked;
