package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.EcdsaSignature;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a token or a certificate is signed.
 *
 * @param hash null where the algorithm leaves it to another field ({@code rsaEncryption})
 * @param family whose break breaks it too
 */
record SignatureForm(Algorithm family, @Nullable HashAlgorithm hash) {
    private static final String RSA_PSS = "1.2.840.113549.1.1.10";
    private static final Map<String, SignatureForm> KNOWN = Map.of(
            "1.2.840.113549.1.1.1", new SignatureForm(Algorithm.RSASSA_PKCS1_V1_5_SHA_256, null),
            "1.2.840.113549.1.1.11", new SignatureForm(Algorithm.RSASSA_PKCS1_V1_5_SHA_256, HashAlgorithm.SHA256),
            "1.2.840.113549.1.1.12", new SignatureForm(Algorithm.RSASSA_PKCS1_V1_5_SHA_256, HashAlgorithm.SHA384),
            "1.2.840.113549.1.1.13", new SignatureForm(Algorithm.RSASSA_PKCS1_V1_5_SHA_256, HashAlgorithm.SHA512),
            "1.2.840.10045.4.3.2", new SignatureForm(Algorithm.ECDSA_SHA_256, HashAlgorithm.SHA256),
            "1.2.840.10045.4.3.3", new SignatureForm(Algorithm.ECDSA_SHA_256, HashAlgorithm.SHA384),
            "1.2.840.10045.4.3.4", new SignatureForm(Algorithm.ECDSA_SHA_256, HashAlgorithm.SHA512));

    static SignatureForm read(Der algorithm) throws TokenException, UncheckableTokenException {
        String object = algorithm.object("signature algorithm");
        if (object.equals(RSA_PSS)) {
            throw new UncheckableTokenException("it is signed with RSA-PSS, which this version cannot check in tokens");
        }
        SignatureForm form = KNOWN.get(object);
        if (form == null) {
            throw new TokenException("it is signed with " + object + "; RSA and ECDSA with SHA-2 prove something here");
        }
        algorithm.optional(0x05, "NULL");
        algorithm.end("signature algorithm");
        return form;
    }

    /** As {@link #read}, but null for what proves nothing here. */
    static @Nullable SignatureForm readOrNull(Der algorithm) throws TokenException {
        return KNOWN.get(algorithm.object("signature algorithm"));
    }

    /** False for a second encoding of a signature, which some platforms take and some do not. */
    boolean oneEncoding(Bytes signature) {
        return family != Algorithm.ECDSA_SHA_256 || EcdsaSignature.isDer(signature);
    }

    /** The JCA name. */
    String name(HashAlgorithm used) {
        return used.name() + (family == Algorithm.ECDSA_SHA_256 ? "withECDSA" : "withRSA");
    }
}
