/** Where the archive is kept: the port, in the words of the archive's layout, and the names of what is in it. */
@NullMarked
package dev.terraseal.store;

import org.jspecify.annotations.NullMarked;
