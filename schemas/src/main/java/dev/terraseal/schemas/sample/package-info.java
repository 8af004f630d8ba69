/** Events as real pipelines send them, made up from a seed: what benchmarks and tests feed the log with. */
@NullMarked
package dev.terraseal.schemas.sample;

import org.jspecify.annotations.NullMarked;
