/** RFC 8785 (JCS) as this product narrows it: one text for one value, integers within ±(2^53 − 1), never null. */
@NullMarked
package dev.terraseal.core.canonical;

import org.jspecify.annotations.NullMarked;
