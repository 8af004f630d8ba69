/** Terraform as a program: its arguments, its machine-readable stream, its state, its lock file, its processes. */
@NullMarked
package dev.terraseal.run.terraform;

import org.jspecify.annotations.NullMarked;
