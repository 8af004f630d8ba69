/** A log whose topics are gone, taken up again from its archive: what {@code terraseal log resume} does. */
@NullMarked
package dev.terraseal.archiver.resume;

import org.jspecify.annotations.NullMarked;
