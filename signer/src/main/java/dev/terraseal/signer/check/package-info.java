/** What the signer refuses to sign: pure, without Kafka's clients and without a clock. */
@NullMarked
package dev.terraseal.signer.check;

import org.jspecify.annotations.NullMarked;
