/** ML-DSA (FIPS 204), verification only: JDK 17 has none, and the verifier depends on nothing. Holds no secrets. */
@NullMarked
package dev.terraseal.core.mldsa;

import org.jspecify.annotations.NullMarked;
