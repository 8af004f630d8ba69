/** The archiver as it runs, over entries made beforehand: what it asks of a store and of a key service, and how fast it is. */
@NullMarked
package dev.terraseal.bench.archive;

import org.jspecify.annotations.NullMarked;
