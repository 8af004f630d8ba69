/** {@code terraseal key}: the keys of a log, and changing them. */
@NullMarked
package dev.terraseal.cli.key;

import org.jspecify.annotations.NullMarked;
