/** The pipeline's HTTP interface as a producer uses it, and the check of what it answers. */
@NullMarked
package dev.terraseal.run.client;

import org.jspecify.annotations.NullMarked;
