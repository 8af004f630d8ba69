package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import java.util.HashMap;
import java.util.Map;

/**
 * The signed attributes that decide: the digest of what is signed, and which certificate signed it (RFC 5816, or RFC 2634
 * with SHA-1).
 */
record SignerAttributes(Bytes messageDigest, HashAlgorithm certificateHash, Bytes certificateDigest) {
    private static final String CONTENT_TYPE = "1.2.840.113549.1.9.3";
    private static final String MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    private static final String SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    private static final String SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    private static final String TST_INFO = "1.2.840.113549.1.9.16.1.4";

    static SignerAttributes parse(Bytes set) throws TokenException {
        Map<String, Bytes> values = new HashMap<>();
        Der all = new Der(set).enter(Der.SET, "signed attributes");
        while (all.hasMore()) {
            Der attribute = all.enter(Der.SEQUENCE, "attribute");
            String type = attribute.object("attribute");
            Bytes value = attribute.read(Der.SET, "values of an attribute");
            attribute.end("attribute");
            if (values.put(type, value) != null) {
                throw new TokenException("it has the signed attribute " + type + " twice");
            }
        }
        Der type = new Der(required(values, CONTENT_TYPE));
        if (!type.object("content type").equals(TST_INFO)) {
            throw new TokenException("its signed attributes are of another kind of content");
        }
        type.end("content type");
        Der digest = new Der(required(values, MESSAGE_DIGEST));
        Bytes message = digest.read(Der.OCTETS, "message digest");
        digest.end("message digest");
        boolean second = values.containsKey(SIGNING_CERTIFICATE_V2);
        Der certificates = new Der(required(values, second ? SIGNING_CERTIFICATE_V2 : SIGNING_CERTIFICATE))
                .enter(Der.SEQUENCE, "signing certificate")
                .enter(Der.SEQUENCE, "signing certificates")
                .enter(Der.SEQUENCE, "signing certificate");
        HashAlgorithm hash = second ? HashAlgorithm.SHA256 : HashAlgorithm.SHA1;
        if (second && certificates.tag() == Der.SEQUENCE) {
            hash = HashAlgorithm.read(certificates.enter(Der.SEQUENCE, "hash algorithm"));
        }
        return new SignerAttributes(message, hash, certificates.read(Der.OCTETS, "hash of the signing certificate"));
    }

    private static Bytes required(Map<String, Bytes> values, String type) throws TokenException {
        Bytes value = values.get(type);
        if (value == null) {
            throw new TokenException("it lacks the signed attribute " + type);
        }
        return value;
    }

    boolean names(Certificate certificate) {
        return certificateHash.digest(certificate.der()).equals(certificateDigest);
    }
}
