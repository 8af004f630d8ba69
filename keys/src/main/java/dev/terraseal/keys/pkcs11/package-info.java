/** Keys of a PKCS#11 token (an HSM, SoftHSM), by the JDK's SunPKCS11. */
@NullMarked
package dev.terraseal.keys.pkcs11;

import org.jspecify.annotations.NullMarked;
