/** A receipt, judged like a bundle of one entry. */
@NullMarked
package dev.terraseal.verifier.receipt;

import org.jspecify.annotations.NullMarked;
