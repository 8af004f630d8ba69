/** report.html: what a bundle holds, for people. */
@NullMarked
package dev.terraseal.export.report;

import org.jspecify.annotations.NullMarked;
