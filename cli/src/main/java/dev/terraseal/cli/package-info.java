/** The terraseal command: one class a command, none with logic a service needs. */
@NullMarked
package dev.terraseal.cli;

import org.jspecify.annotations.NullMarked;
