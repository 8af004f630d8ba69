/** What {@code terraseal doctor} looks at, each in a class: it asks, and changes nothing. */
@NullMarked
package dev.terraseal.cli.doctor;

import org.jspecify.annotations.NullMarked;
