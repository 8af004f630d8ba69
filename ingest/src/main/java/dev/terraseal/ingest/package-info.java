/** Getting events in: who are you, is it well formed, and what became of it. */
@NullMarked
package dev.terraseal.ingest;

import org.jspecify.annotations.NullMarked;
