/** DSSE v1: signatures over exact bytes, one by one or for a batch of entries. */
@NullMarked
package dev.terraseal.core.envelope;

import org.jspecify.annotations.NullMarked;
