/** Looking at a log: its entries, verified while they are read, and what was rejected. */
@NullMarked
package dev.terraseal.cli.log;

import org.jspecify.annotations.NullMarked;
