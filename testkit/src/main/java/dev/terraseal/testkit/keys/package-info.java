/** Signatures checked for tests that check the same ones many times. */
@NullMarked
package dev.terraseal.testkit.keys;

import org.jspecify.annotations.NullMarked;
