/** Private keys that never leave AWS KMS: which configurations can work, and every way a call can fail. */
@NullMarked
package dev.terraseal.keys.kms;

import org.jspecify.annotations.NullMarked;
