/** Configuration: a YAML file, the environment and flags, in that order; everything wrong is reported together. */
@NullMarked
package dev.terraseal.settings;

import org.jspecify.annotations.NullMarked;
