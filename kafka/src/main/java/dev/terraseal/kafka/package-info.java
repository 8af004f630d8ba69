/**
 * The topics of a log, the settings they must have to keep evidence, and the one rule by which the end of a topic is
 * read.
 */
@NullMarked
package dev.terraseal.kafka;

import org.jspecify.annotations.NullMarked;
