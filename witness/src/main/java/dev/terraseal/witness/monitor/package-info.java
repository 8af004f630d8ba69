/** A witness that reads every statement and derives all of it again before it cosigns. */
@NullMarked
package dev.terraseal.witness.monitor;

import org.jspecify.annotations.NullMarked;
