/** {@code terraseal tlog}: checks checkpoints, proofs and whole tiled logs of anyone who follows C2SP. */
@NullMarked
package dev.terraseal.verifier.tlog;

import org.jspecify.annotations.NullMarked;
