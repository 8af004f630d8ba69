/** One attested apply from its plan to its receipt. */
@NullMarked
package dev.terraseal.run.apply;

import org.jspecify.annotations.NullMarked;
