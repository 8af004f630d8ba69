/** What a person sees of an apply: terraform's own lines, its question, its diagnostics. */
@NullMarked
package dev.terraseal.run.screen;

import org.jspecify.annotations.NullMarked;
