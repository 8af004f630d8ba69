package dev.terraseal.core.timestamp;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The way from a certificate to a root: found by names, byte for byte, and signatures; judged by the JDK (RFC 5280). */
final class CertificatePath {
    private static final int LONGEST = 8;

    private CertificatePath() {}

    /** From {@code signer} to the certificate that {@code root} signed, or null. */
    static @Nullable List<Certificate> find(Certificate signer, List<Certificate> pool, Certificate root)
            throws TokenException {
        return extend(List.of(signer), new ArrayList<>(pool), root);
    }

    /** Each certificate is tried once, so that a pool made to be searched for ever is not. */
    private static @Nullable List<Certificate> extend(List<Certificate> path, List<Certificate> left, Certificate root)
            throws TokenException {
        Certificate last = path.get(path.size() - 1);
        if (last.issuer().equals(root.subject()) && last.isSignedBy(root)) {
            return path;
        }
        for (Certificate candidate : List.copyOf(left)) {
            if (path.size() < LONGEST
                    && last.issuer().equals(candidate.subject())
                    && left.contains(candidate)
                    && !path.contains(candidate)
                    && last.isSignedBy(candidate)) {
                left.remove(candidate);
                List<Certificate> longer = new ArrayList<>(path);
                longer.add(candidate);
                List<Certificate> found = extend(longer, left, root);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    static void requireValid(List<Certificate> path, Certificate root, Instant time) throws TokenException {
        root.requireValidAt(time);
        for (Certificate issuer : path.subList(1, path.size())) {
            issuer.requireAuthority();
        }
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root.x509(), null)));
            parameters.setDate(Date.from(time));
            // Offline: who was revoked by then nobody here can ask; a trust file that drops the root says so.
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(
                                            path.stream().map(Certificate::x509).toList()),
                            parameters);
        } catch (GeneralSecurityException refused) {
            throw new TokenException(
                    "its certificates do not hold at its own time " + time + ": " + refused.getMessage(), refused);
        }
    }
}
