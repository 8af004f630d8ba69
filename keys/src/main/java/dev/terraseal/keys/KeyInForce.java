package dev.terraseal.keys;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.log.KeyRing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The private key of one use that signs at a leaf index, whatever key events changed before it. It looks into its source
 * only where the keys in force change, so it may be asked for every entry. One thread.
 */
public final class KeyInForce {
    private final KeyUse use;
    private final PrivateKeys source;
    private @Nullable Found found;

    /** Where private keys are looked for: {@link KeySource#signer}. */
    @FunctionalInterface
    public interface PrivateKeys {
        /** The private key behind the first of {@code declared} that is here. */
        MessageSigner signer(List<DeclaredKey> declared) throws KeyUnavailableException;
    }

    /** Holds for {@code [from, until)} under that ring. */
    private record Found(KeyRing keys, long from, long until, List<MessageSigner> signers) {
        Found {
            signers = List.copyOf(signers);
        }

        boolean holds(KeyRing ring, SequenceNumber index) {
            return ring == keys && index.value() >= from && index.value() < until;
        }
    }

    public KeyInForce(KeyUse use, PrivateKeys source) {
        this.use = use;
        this.source = source;
    }

    /** With no other key than this one: a rotation away from it stops whoever asks. */
    public static KeyInForce only(MessageSigner signer) {
        return new KeyInForce(signer.key().use(), declared -> {
            if (declared.contains(signer.key())) {
                return signer;
            }
            throw new KeyUnavailableException(
                    "the only key here is " + signer.key().keyid());
        });
    }

    /** The key that signs at {@code index}; where two do, the first of {@link #allAt}. */
    public MessageSigner at(KeyRing keys, SequenceNumber index) throws KeyUnavailableException {
        return allAt(keys, index).get(0);
    }

    /**
     * The keys that sign at {@code index}: one, or one of each kind where keys of both are in force, that of ML-DSA second.
     *
     * @throws KeyUnavailableException if no key is in force there, or none that is can be reached; one of the two is as bad,
     *     for a trust file may require both. Where it is retryable, nothing is remembered of it
     */
    public List<MessageSigner> allAt(KeyRing keys, SequenceNumber index) throws KeyUnavailableException {
        Found last = found;
        if (last != null && last.holds(keys, index)) {
            return last.signers();
        }
        List<List<DeclaredKey>> kinds = keys.signingTogether(use, index);
        if (kinds.isEmpty()) {
            throw new KeyUnavailableException("the log has no " + use.text() + " key in force at entry " + index
                    + ": the last one was revoked. Nothing can be signed there, so the log ends; begin another that names"
                    + " it as its predecessor");
        }
        List<MessageSigner> signers = new ArrayList<>();
        for (List<DeclaredKey> signing : kinds) {
            signers.add(signer(signing, index, last == null ? List.of() : last.signers()));
        }
        Found now = new Found(keys, index.value(), keys.changesAt(use, index), signers);
        found = now;
        return now.signers();
    }

    /** The private key behind the first of {@code signing} that is here; one that was found before is not looked for again. */
    private MessageSigner signer(List<DeclaredKey> signing, SequenceNumber index, List<MessageSigner> before)
            throws KeyUnavailableException {
        for (MessageSigner each : before) {
            if (each.key().equals(signing.get(0))) {
                return each;
            }
        }
        try {
            return source.signer(signing);
        } catch (KeyUnavailableException missing) {
            String what = "entry " + index + " is to be signed by " + use.text() + " key "
                    + signing.get(0).keyid();
            throw missing.retryable()
                    ? KeyUnavailableException.passing(
                            what + ", and a place where it may be does not answer: " + missing.getMessage(), missing)
                    : new KeyUnavailableException(
                            what + ", which is not where this service looks: " + missing.getMessage(), missing);
        }
    }
}
