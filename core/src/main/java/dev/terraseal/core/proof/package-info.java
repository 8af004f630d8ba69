/** One entry's proof as a file that stands alone (C2SP tlog-proof). */
@NullMarked
package dev.terraseal.core.proof;

import org.jspecify.annotations.NullMarked;
