package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whose time is believed: tokens that lead to this root, under this policy where one is named. */
public final class TimeAuthority {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)\n-----END CERTIFICATE-----\n?");
    private static final Pattern POLICY = Pattern.compile("[0-2](\\.(0|[1-9][0-9]{0,9}))+");

    private final Certificate root;
    private final @Nullable String policy;

    private TimeAuthority(Certificate root, @Nullable String policy) {
        this.root = root;
        this.policy = policy;
    }

    /**
     * Reads a root as a trust file names it.
     *
     * @param pem one certificate that may issue others
     * @param policy a dotted object identifier, or null for any
     * @throws IllegalArgumentException if it is not that; the message says what is
     */
    public static TimeAuthority of(String pem, @Nullable String policy) {
        Matcher block = PEM.matcher(pem);
        if (!block.matches()) {
            throw new IllegalArgumentException(
                    "a root of a time authority is one certificate in PEM, with LF line ends");
        }
        if (policy != null && !POLICY.matcher(policy).matches()) {
            throw new IllegalArgumentException(
                    "a policy of a time authority is a dotted object identifier, not '" + policy + "'");
        }
        try {
            Bytes der = Bytes.fromBase64(block.group(1).replace("\n", ""));
            Certificate root = Certificate.parse(der);
            root.requireAuthority();
            root.key();
            return new TimeAuthority(root, policy);
        } catch (TokenException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "a root of a time authority cannot be used: " + wrong.getMessage(), wrong);
        }
    }

    Certificate root() {
        return root;
    }

    boolean accepts(String tokenPolicy) {
        return policy == null || policy.equals(tokenPolicy);
    }
}
