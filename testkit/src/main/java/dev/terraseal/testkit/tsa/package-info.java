/** A time-stamping authority for tests: certificates, tokens right and wrong, and an HTTP stand-in (RFC 3161). */
@NullMarked
package dev.terraseal.testkit.tsa;

import org.jspecify.annotations.NullMarked;
