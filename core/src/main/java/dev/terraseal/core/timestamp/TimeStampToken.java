package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A time-stamp token whose signature holds, over data whose hash it names, by a certificate made for time stamps that was
 * valid at that time. Whether anybody believes that certificate is {@link #under}.
 */
public final class TimeStampToken {
    /** No authority sends more; a longer file is refused unread. */
    public static final int BYTES_MAX = 1 << 18;

    private final TokenParts parts;
    private final Certificate signer;

    private TimeStampToken(TokenParts parts, Certificate signer) {
        this.parts = parts;
        this.signer = signer;
    }

    /**
     * Checks a response (a {@code .tsr} file) over the data it is said to be about.
     *
     * @throws TokenException if it is none, is about other data, or does not hold
     * @throws UncheckableTokenException if this program cannot tell
     */
    public static TimeStampToken open(Bytes response, Bytes data) throws TokenException, UncheckableTokenException {
        TokenParts parts = TokenParts.parse(response);
        if (parts.info().imprintHash() != HashAlgorithm.SHA256
                || !HashAlgorithm.SHA256.digest(data).equals(parts.info().imprint())) {
            throw new TokenException("it is a time stamp of other bytes");
        }
        Certificate signer = parts.signer();
        requireSignature(parts, signer);
        signer.requireTimeStamping();
        signer.requireValidAt(parts.info().time());
        return new TimeStampToken(parts, signer);
    }

    private static void requireSignature(TokenParts parts, Certificate signer) throws TokenException {
        if (!parts.form().oneEncoding(parts.signature())) {
            throw new TokenException("its signature does not hold: it is not the DER of two positive numbers");
        }
        try {
            Signature check = Signature.getInstance(parts.form().name(parts.hash()));
            check.initVerify(signer.key());
            check.update(parts.signed().toByteArray());
            if (check.verify(parts.signature().toByteArray())) {
                return;
            }
        } catch (GeneralSecurityException wrongKey) {
            throw new TokenException("its signature does not hold: " + wrongKey.getMessage(), wrongKey);
        }
        throw new TokenException("its signature does not hold");
    }

    /** When the authority says the data existed. */
    public Instant time() {
        return parts.info().time();
    }

    public String policy() {
        return parts.info().policy();
    }

    /** The number a request asked to find in its answer, or null: the content of an INTEGER. */
    public @Nullable Bytes nonce() {
        return parts.info().nonce();
    }

    /** Who signed it, as its certificate says. */
    public String signer() {
        return signer.name();
    }

    /** Until when the certificate that signed it is valid: after that a new token has to say that this one is older. */
    public Instant validUntil() {
        return signer.x509().getNotAfter().toInstant();
    }

    /**
     * How a token leads to somebody who is believed.
     *
     * @param root the name of the root
     * @param algorithms of every signature on the way, by family
     */
    public record Path(String root, Set<Algorithm> algorithms) {
        public Path {
            algorithms = Set.copyOf(algorithms);
        }
    }

    /**
     * The way to the first of {@code authorities} it leads to, null if it leads to none of them or is of another policy
     * than that one asks for.
     *
     * @throws TokenException if it leads to one, over certificates that do not hold at its own time
     */
    public @Nullable Path under(List<TimeAuthority> authorities) throws TokenException {
        for (TimeAuthority authority : authorities) {
            List<Certificate> path = CertificatePath.find(signer, parts.certificates(), authority.root());
            if (path == null || !authority.accepts(policy())) {
                continue;
            }
            CertificatePath.requireValid(path, authority.root(), time());
            Set<Algorithm> algorithms = EnumSet.of(parts.form().family());
            for (Certificate each : path) {
                SignatureForm form = each.signedBy();
                if (form != null) {
                    algorithms.add(form.family());
                }
            }
            return new Path(authority.root().name(), algorithms);
        }
        return null;
    }
}
