/** What every entry of a log is asked, wherever it was read: its place, its links, its signatures, its claims. */
@NullMarked
package dev.terraseal.verifier.entries;

import org.jspecify.annotations.NullMarked;
