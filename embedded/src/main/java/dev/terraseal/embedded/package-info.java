/** The engines of the embedded stack: a KRaft broker inside this process, with nothing to install beside it. */
@NullMarked
package dev.terraseal.embedded;

import org.jspecify.annotations.NullMarked;
