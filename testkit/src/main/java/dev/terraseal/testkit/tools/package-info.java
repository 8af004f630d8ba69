/** Tools the fuller tests need and a laptop may lack. */
@NullMarked
package dev.terraseal.testkit.tools;

import org.jspecify.annotations.NullMarked;
