/** The offline verifier's commands: no network, no dependency, one verdict. */
@NullMarked
package dev.terraseal.verifier;

import org.jspecify.annotations.NullMarked;
