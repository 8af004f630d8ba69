/** Private keys in files of this machine: PKCS#8, one key a file, readable by their owner only. */
@NullMarked
package dev.terraseal.keys.local;

import org.jspecify.annotations.NullMarked;
