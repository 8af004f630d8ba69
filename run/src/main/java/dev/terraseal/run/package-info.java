/** The terraform adapter and the commands of a CI runner. */
@NullMarked
package dev.terraseal.run;

import org.jspecify.annotations.NullMarked;
