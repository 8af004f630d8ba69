/** An apply recorded once, for machines without terraform. */
@NullMarked
package dev.terraseal.run.recorded;

import org.jspecify.annotations.NullMarked;
