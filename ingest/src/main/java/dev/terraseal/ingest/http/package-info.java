/** The HTTP side of ingest: requests in, answers and RFC 9457 problems out. */
@NullMarked
package dev.terraseal.ingest.http;

import org.jspecify.annotations.NullMarked;
