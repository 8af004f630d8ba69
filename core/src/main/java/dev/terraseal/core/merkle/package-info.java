/** The RFC 6962 tree: hashing, growing, and proving inclusion, consistency and whole ranges. */
@NullMarked
package dev.terraseal.core.merkle;

import org.jspecify.annotations.NullMarked;
