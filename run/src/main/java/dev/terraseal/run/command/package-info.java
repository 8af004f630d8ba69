/** The commands run, submit, receipt and spool. */
@NullMarked
package dev.terraseal.run.command;

import org.jspecify.annotations.NullMarked;
