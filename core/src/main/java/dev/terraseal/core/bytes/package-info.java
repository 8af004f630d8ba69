/** Byte strings, digests and the small values everything else is named by. */
@NullMarked
package dev.terraseal.core.bytes;

import org.jspecify.annotations.NullMarked;
