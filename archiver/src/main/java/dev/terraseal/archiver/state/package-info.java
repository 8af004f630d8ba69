/** What the log must look like so far, and the checks an entry passes before it is archived. */
@NullMarked
package dev.terraseal.archiver.state;

import org.jspecify.annotations.NullMarked;
