package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An X.509 certificate: names as the bytes they are, everything else as the JDK reads it.
 *
 * @param serial the content of its INTEGER
 * @param issuer the whole Name
 * @param signedBy null where it is signed with what proves nothing here: it leads nowhere, and may end a way as a root
 */
record Certificate(
        Bytes der,
        X509Certificate x509,
        Bytes serial,
        Bytes issuer,
        Bytes subject,
        @Nullable SignatureForm signedBy) {
    private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final int RSA_BITS_MIN = 2048;
    private static final int KEY_CERT_SIGN = 5;

    static Certificate parse(Bytes der) throws TokenException {
        Der outer = new Der(der);
        Der certificate = outer.enter(Der.SEQUENCE, "certificate");
        outer.end("certificate");
        Der fields = certificate.enter(Der.SEQUENCE, "fields of a certificate");
        if (fields.optional(Der.CONTEXT_0, "version") == null) {
            throw new TokenException("it has a certificate before version 3");
        }
        Bytes serial = fields.integer("serial number");
        fields.read(Der.SEQUENCE, "signature algorithm");
        Bytes issuer = fields.element(Der.SEQUENCE, "issuer");
        fields.read(Der.SEQUENCE, "validity");
        Bytes subject = fields.element(Der.SEQUENCE, "subject");
        SignatureForm form = SignatureForm.readOrNull(certificate.enter(Der.SEQUENCE, "signature algorithm"));
        try {
            X509Certificate read = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
            return new Certificate(der, read, serial, issuer, subject, form);
        } catch (CertificateException unreadable) {
            throw new TokenException(
                    "it has a certificate that cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    String name() {
        return x509.getSubjectX500Principal().getName();
    }

    PublicKey key() throws TokenException {
        PublicKey key = x509.getPublicKey();
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < RSA_BITS_MIN) {
            throw new TokenException("the key of " + name() + " has "
                    + rsa.getModulus().bitLength() + " bits; at least " + RSA_BITS_MIN + " are needed");
        }
        return key;
    }

    boolean isSignedBy(Certificate other) throws TokenException {
        if (signedBy == null || signedBy.hash() == null || !signedBy.oneEncoding(Bytes.wrap(x509.getSignature()))) {
            return false;
        }
        try {
            x509.verify(other.key());
            return true;
        } catch (GeneralSecurityException notByIt) {
            return false;
        }
    }

    void requireValidAt(Instant time) throws TokenException {
        if (time.isBefore(x509.getNotBefore().toInstant())
                || time.isAfter(x509.getNotAfter().toInstant())) {
            throw new TokenException("the certificate of " + name() + " is valid from "
                    + x509.getNotBefore().toInstant() + " to "
                    + x509.getNotAfter().toInstant() + ", not at the token's own time " + time);
        }
    }

    /** RFC 3161 section 2.3: the extended key usage is critical, and time stamping is all there is in it. */
    void requireTimeStamping() throws TokenException {
        List<String> usages;
        try {
            usages = x509.getExtendedKeyUsage();
        } catch (CertificateException unreadable) {
            throw new TokenException("the key usage of " + name() + " cannot be read", unreadable);
        }
        Set<String> critical = x509.getCriticalExtensionOIDs();
        if (!List.of(TIME_STAMPING).equals(usages) || critical == null || !critical.contains(EXTENDED_KEY_USAGE)) {
            throw new TokenException("the certificate of " + name()
                    + " is not one for time stamps alone (critical extended key usage timeStamping)");
        }
    }

    void requireAuthority() throws TokenException {
        boolean[] usage = x509.getKeyUsage();
        if (x509.getBasicConstraints() < 0 || usage != null && !usage[KEY_CERT_SIGN]) {
            throw new TokenException("the certificate of " + name() + " is not one that may issue others");
        }
    }
}
