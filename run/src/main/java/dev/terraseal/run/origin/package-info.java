/** Where an apply comes from: repository, pipeline, backend, and the stream that follows from them. */
@NullMarked
package dev.terraseal.run.origin;

import org.jspecify.annotations.NullMarked;
