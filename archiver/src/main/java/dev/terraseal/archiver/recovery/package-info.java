/** Where to go on: read from the archive alone, in a time that does not grow with the log. */
@NullMarked
package dev.terraseal.archiver.recovery;

import org.jspecify.annotations.NullMarked;
