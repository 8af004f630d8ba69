/** The whole stack: what it takes in, and how long an event is on its way. */
@NullMarked
package dev.terraseal.bench.pipeline;

import org.jspecify.annotations.NullMarked;
