/** The tree as static files (C2SP tlog-tiles): names, contents, reading, and growing them. */
@NullMarked
package dev.terraseal.core.tiles;

import org.jspecify.annotations.NullMarked;
