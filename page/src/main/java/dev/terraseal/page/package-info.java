/** {@code verify.html}: put together at build time from {@code src/main/page}, constant for a release. */
@NullMarked
package dev.terraseal.page;

import org.jspecify.annotations.NullMarked;
