/** Signs every entry of a log once, in order, with many calls in flight and no transaction open over any of them. */
@NullMarked
package dev.terraseal.signer;

import org.jspecify.annotations.NullMarked;
