/** The files of what is to be verified, from a directory or one canonical zip, read strictly and in streams. */
@NullMarked
package dev.terraseal.verifier.files;

import org.jspecify.annotations.NullMarked;
