/** What a submitter gets back: one entry with its signatures and, once a checkpoint covers it, its proof. */
@NullMarked
package dev.terraseal.core.receipt;

import org.jspecify.annotations.NullMarked;
