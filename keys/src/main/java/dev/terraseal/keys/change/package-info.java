/** Changing a log's keys: what is asked of the authority, who has signed it, and whether it may be sent. */
@NullMarked
package dev.terraseal.keys.change;

import org.jspecify.annotations.NullMarked;
