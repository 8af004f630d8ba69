/** What a pipeline submits, and the in-toto Statement it becomes. */
@NullMarked
package dev.terraseal.core.statement;

import org.jspecify.annotations.NullMarked;
