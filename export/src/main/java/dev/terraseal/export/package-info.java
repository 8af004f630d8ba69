/** Bundles for auditors, read from an archive and written in streams. */
@NullMarked
package dev.terraseal.export;

import org.jspecify.annotations.NullMarked;
