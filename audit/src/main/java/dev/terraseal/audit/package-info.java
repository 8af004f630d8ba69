/** Examines the store of an archive: derives everything again, then looks at the lock and the history of every object. */
@NullMarked
package dev.terraseal.audit;

import org.jspecify.annotations.NullMarked;
