/**
 * What must hold of every archive at any moment, as named checks that share nothing with the archiver but value types,
 * JSON and SHA-256.
 */
@NullMarked
package dev.terraseal.testkit.archive;

import org.jspecify.annotations.NullMarked;
