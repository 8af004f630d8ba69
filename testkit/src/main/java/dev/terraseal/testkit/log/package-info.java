/** Small logs, in memory and on disk, with the bundle and the archive they have to give: to verify and to break. */
@NullMarked
package dev.terraseal.testkit.log;

import org.jspecify.annotations.NullMarked;
