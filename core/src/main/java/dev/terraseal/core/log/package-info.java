/** The declaration every trust follows from, log.json, and the keys in force at each leaf index. */
@NullMarked
package dev.terraseal.core.log;

import org.jspecify.annotations.NullMarked;
