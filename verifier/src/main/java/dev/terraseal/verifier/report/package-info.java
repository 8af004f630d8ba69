/** The work paper of one verification, for the auditor's file. */
@NullMarked
package dev.terraseal.verifier.report;

import org.jspecify.annotations.NullMarked;
