/** Answers of benches as pictures. */
@NullMarked
package dev.terraseal.bench.plot;

import org.jspecify.annotations.NullMarked;
