/** Evidence on disk until the pipeline has it. */
@NullMarked
package dev.terraseal.run.spool;

import org.jspecify.annotations.NullMarked;
