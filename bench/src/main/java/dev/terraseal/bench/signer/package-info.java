/** The signer beside a bare loop of signatures, and beside the quota of a key service. */
@NullMarked
package dev.terraseal.bench.signer;

import org.jspecify.annotations.NullMarked;
