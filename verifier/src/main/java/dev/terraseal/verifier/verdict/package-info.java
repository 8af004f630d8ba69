/** What a verification found, as values: one verdict feeds text, JSON, report and exit code. */
@NullMarked
package dev.terraseal.verifier.verdict;

import org.jspecify.annotations.NullMarked;
