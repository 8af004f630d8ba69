/** {@code bench verify}: a verification beside the reading, hashing and signature checks nobody can do without. */
@NullMarked
package dev.terraseal.bench.verify;

import org.jspecify.annotations.NullMarked;
