package dev.terraseal.core.checkpoint;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.EcdsaSignature;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;

/**
 * ECDSA as other logs sign notes with it (type 0x02): SHA-256 on any of three NIST curves, DER. Keys of our own logs are
 * narrower and go through {@link dev.terraseal.core.keys.SignatureChecker}.
 */
final class EcdsaKey {
    private EcdsaKey() {}

    static void requireKnownCurve(String name, Bytes spki) {
        try {
            int bits = ((ECPublicKey) parse(spki))
                    .getParams()
                    .getCurve()
                    .getField()
                    .getFieldSize();
            if (bits != 256 && bits != 384 && bits != 521) {
                throw new IllegalArgumentException(
                        "the ECDSA key of " + name + " is on none of P-256, P-384 and P-521");
            }
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException(
                    "the ECDSA key of " + name + " is not the SPKI of a key on P-256, P-384 or P-521", malformed);
        }
    }

    static boolean verify(Bytes spki, Bytes message, Bytes signature) throws UncheckableException {
        if (!EcdsaSignature.isDer(signature)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(parse(spki));
            verifier.update(message.asReadOnlyBuffer());
            return verifier.verify(signature.toByteArray());
        } catch (SignatureException malformed) {
            return false;
        } catch (GeneralSecurityException missing) {
            throw new UncheckableException(
                    "this Java platform cannot check ECDSA signatures: " + missing.getMessage(), missing);
        }
    }

    private static PublicKey parse(Bytes spki) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki.toByteArray()));
    }
}
