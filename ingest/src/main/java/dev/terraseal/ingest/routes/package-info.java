/** One class a resource of the HTTP API. */
@NullMarked
package dev.terraseal.ingest.routes;

import org.jspecify.annotations.NullMarked;
