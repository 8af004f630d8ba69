/** Which (stream, id) is in the log already, under which sequence and with which content: exact, in memory, for ever. */
@NullMarked
package dev.terraseal.core.index;

import org.jspecify.annotations.NullMarked;
