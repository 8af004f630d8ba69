/** Keys as the log names them: their use, their algorithm, and checking and making signatures with them. */
@NullMarked
package dev.terraseal.core.keys;

import org.jspecify.annotations.NullMarked;
