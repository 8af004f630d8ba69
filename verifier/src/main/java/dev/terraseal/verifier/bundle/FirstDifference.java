package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.JsonException;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Where a file differs from the one its digest was made of, although only the digest is left: if one bit or one byte was
 * changed, removed or added, undoing it gives the digest again. That is a proof, not a guess. Positions count from 0.
 */
final class FirstDifference {
    /** About half a second of SHA-256: as much as a search may hash unless told otherwise. */
    static final long BUDGET = 500_000_000L;

    private final byte[] bytes;
    private final Digest wanted;
    private final Effort effort;

    private FirstDifference(Bytes bytes, Digest wanted, Effort effort) {
        this.bytes = bytes.toByteArray();
        this.wanted = wanted;
        this.effort = effort;
    }

    /** A phrase like {@code first difference at byte 311}, if it can be known with the effort that is left. */
    static Optional<String> between(Bytes found, Digest wanted, Effort effort) {
        FirstDifference search = new FirstDifference(found, wanted, effort);
        Optional<String> proven = search.changed();
        if (proven.isEmpty()) {
            proven = search.added();
        }
        if (proven.isEmpty()) {
            proven = search.removed();
        }
        return proven.isPresent() ? proven : broken(found);
    }

    private static Optional<String> broken(Bytes found) {
        try {
            CanonicalJson.check(found);
            return Optional.empty();
        } catch (JsonException says) {
            return Optional.of("it is no longer canonical JSON: " + says.getMessage());
        }
    }

    private Optional<String> changed() {
        for (int bits = 0; bits < 2; bits++) {
            MessageDigest before = Digest.sha256();
            for (int at = 0; at < bytes.length; at++) {
                byte is = bytes[at];
                for (int change = 1; change < 256 && !effort.isSpent(); change++) {
                    // Single bits first: they are the likeliest and 32 times cheaper.
                    boolean single = Integer.bitCount(change) == 1;
                    if (single != (bits == 0)) {
                        continue;
                    }
                    if (matches(before, new byte[] {(byte) (is ^ change)}, at + 1)) {
                        return Optional.of("first difference at byte " + at);
                    }
                }
                if (effort.isSpent()) {
                    return Optional.empty();
                }
                before.update(is);
            }
        }
        return Optional.empty();
    }

    private Optional<String> added() {
        MessageDigest before = Digest.sha256();
        for (int at = 0; at < bytes.length && !effort.isSpent(); at++) {
            if (matches(before, new byte[0], at + 1)) {
                return Optional.of("a byte was added at byte " + at);
            }
            before.update(bytes[at]);
        }
        return Optional.empty();
    }

    private Optional<String> removed() {
        MessageDigest before = Digest.sha256();
        for (int at = 0; at <= bytes.length && !effort.isSpent(); at++) {
            for (int value = 0; value < 256 && !effort.isSpent(); value++) {
                if (matches(before, new byte[] {(byte) value}, at)) {
                    return Optional.of("a byte was removed at byte " + at);
                }
            }
            if (at < bytes.length) {
                before.update(bytes[at]);
            }
        }
        return Optional.empty();
    }

    private boolean matches(MessageDigest before, byte[] instead, int rest) {
        try {
            MessageDigest sha256 = (MessageDigest) before.clone();
            sha256.update(instead);
            sha256.update(bytes, rest, bytes.length - rest);
            effort.spend(bytes.length - rest + 64L);
            return Digest.finish(sha256).equals(wanted);
        } catch (CloneNotSupportedException foreign) {
            throw new IllegalStateException("the SHA-256 of the JDK can be cloned; this one cannot", foreign);
        }
    }
}
