/** The pure step from one head to the next, and the heads entries that say where every stream stands. */
@NullMarked
package dev.terraseal.core.chain;

import org.jspecify.annotations.NullMarked;
