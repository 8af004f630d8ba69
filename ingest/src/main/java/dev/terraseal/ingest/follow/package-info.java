/** What became of the events: the tail of the log as ingest follows it. */
@NullMarked
package dev.terraseal.ingest.follow;

import org.jspecify.annotations.NullMarked;
