/** Where private keys live, how a configuration names them, and the birth of a log with its first keys. */
@NullMarked
package dev.terraseal.keys;

import org.jspecify.annotations.NullMarked;
