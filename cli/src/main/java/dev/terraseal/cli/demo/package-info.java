/** {@code terraseal demo}: the whole way of an apply, on a real one where terraform is installed. */
@NullMarked
package dev.terraseal.cli.demo;

import org.jspecify.annotations.NullMarked;
