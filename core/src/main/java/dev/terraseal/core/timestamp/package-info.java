/** RFC 3161 time-stamp tokens, read and checked with nothing but the JDK. */
@NullMarked
package dev.terraseal.core.timestamp;

import org.jspecify.annotations.NullMarked;
