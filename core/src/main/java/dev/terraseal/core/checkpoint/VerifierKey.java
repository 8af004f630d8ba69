package dev.terraseal.core.checkpoint;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import java.time.Instant;
import java.util.List;

/**
 * A key that notes are checked with, in text {@code <name>+<key id>+<base64(type ‖ key)>} (C2SP signed-note, "vkey").
 * {@code publicKey} is the raw key, but a DER SubjectPublicKeyInfo for ECDSA.
 */
public record VerifierKey(String name, NoteKeyType type, Bytes publicKey) {
    public VerifierKey {
        if (!KeyName.isValid(name)) {
            throw new IllegalArgumentException(
                    "'" + name
                            + "' is no key name of a signed note: it is not empty and holds no space, no '+' and no control character");
        }
        if (type.keyLength() != 0 && publicKey.length() != type.keyLength()) {
            throw new IllegalArgumentException("the " + type + " key of " + name + " has " + type.keyLength()
                    + " bytes, not " + publicKey.length());
        }
        if (type == NoteKeyType.ECDSA) {
            EcdsaKey.requireKnownCurve(name, publicKey);
        }
    }

    /** The key that a log of ours signs its checkpoints with: Ed25519, named by the origin. */
    public static VerifierKey ofLog(LogOrigin origin, DeclaredKey logKey) {
        if (logKey.use() != KeyUse.LOG) {
            throw new IllegalArgumentException(
                    "key " + logKey.keyid() + " is declared for " + logKey.use().text() + " and signs no checkpoint");
        }
        return ed25519(origin.value(), NoteKeyType.ED25519, logKey);
    }

    /** The key of a log's second line: ML-DSA-44, named by the origin as well, which it signs. */
    public static VerifierKey secondOfLog(LogOrigin origin, DeclaredKey logKey) {
        if (logKey.use() != KeyUse.LOG || logKey.algorithm() != Algorithm.ML_DSA_44) {
            throw new IllegalArgumentException("key " + logKey.keyid() + " is declared for "
                    + logKey.use().text() + " as " + logKey.algorithm()
                    + "; the second line of a checkpoint is by an ML_DSA_44 key for log");
        }
        return new VerifierKey(
                origin.value(), NoteKeyType.COSIGNATURE_ML_DSA_44, Algorithm.ML_DSA_44.rawKey(logKey.spki()));
    }

    /** As {@link #ofLog(LogOrigin, DeclaredKey)}, of each of {@code logKeys} but {@code first}. */
    public static List<VerifierKey> othersOfLog(LogOrigin origin, List<DeclaredKey> logKeys, DeclaredKey first) {
        return logKeys.stream()
                .filter(key -> !key.equals(first))
                .map(key -> ofLog(origin, key))
                .toList();
    }

    /** As {@link #secondOfLog}, of each of {@code logKeys}. */
    public static List<VerifierKey> secondsOfLog(LogOrigin origin, List<DeclaredKey> logKeys) {
        return logKeys.stream().map(key -> secondOfLog(origin, key)).toList();
    }

    /** Whether a line says it is by this key; only {@link SignedNote#verifyKnown} tells whether it is. */
    public boolean isNamedBy(SignatureLine line) {
        return name.equals(line.name()) && keyId().equals(line.keyId());
    }

    /** The key of a witness or monitor under its own name: Ed25519, cosignature/v1. */
    public static VerifierKey ofCosigner(String name, DeclaredKey key) {
        if (key.use() != KeyUse.WITNESS && key.use() != KeyUse.MONITOR) {
            throw new IllegalArgumentException(
                    "key " + key.keyid() + " is declared for " + key.use().text() + " and cosigns nothing");
        }
        return ed25519(name, NoteKeyType.COSIGNATURE_ED25519, key);
    }

    private static VerifierKey ed25519(String name, NoteKeyType type, DeclaredKey key) {
        if (key.algorithm() != Algorithm.ED25519_SHA_512) {
            throw new IllegalArgumentException("key " + key.keyid() + " is " + key.algorithm()
                    + ", but notes are signed with ED25519_SHA_512: give the log such a key");
        }
        return new VerifierKey(name, type, key.algorithm().rawKey(key.spki()));
    }

    /** @throws NoteException if {@code text} is no verifier key, of another type than those here, or its key id is wrong */
    public static VerifierKey parse(String text) throws NoteException {
        // The base64 may hold '+', the name never does.
        int first = text.indexOf('+');
        int second = text.indexOf('+', first + 1);
        if (first < 0 || second < 0) {
            throw new NoteException("'" + text + "' is no verifier key: write <name>+<8 hex digits>+<base64>");
        }
        try {
            NoteKeyId stated = NoteKeyId.fromHex(text.substring(first + 1, second));
            Bytes typed = Bytes.fromBase64(text.substring(second + 1));
            NoteKeyType type = typed.isEmpty() ? null : NoteKeyType.of(typed.at(0));
            if (type == null) {
                throw new NoteException("the verifier key of '" + text.substring(0, first)
                        + "' is not of a type that can be checked (Ed25519, ECDSA, cosignature Ed25519 or ML-DSA-44)");
            }
            VerifierKey key = new VerifierKey(text.substring(0, first), type, typed.slice(1, typed.length()));
            if (!key.keyId().equals(stated)) {
                throw new NoteException("the verifier key says key id " + stated + ", but its key has " + key.keyId());
            }
            return key;
        } catch (IllegalArgumentException malformed) {
            throw new NoteException("'" + text + "' is no verifier key: " + malformed.getMessage(), malformed);
        }
    }

    public String text() {
        return name + "+" + keyId().hex() + "+"
                + Bytes.concat(identifier(), publicKey).base64();
    }

    /** From name, type and key; for ECDSA from the key alone, as the logs that use it do. */
    public NoteKeyId keyId() {
        return NoteKeyId.of(
                type == NoteKeyType.ECDSA
                        ? Digest.of(publicKey)
                        : Digest.of(Bytes.utf8(name + "\n"), identifier(), publicKey));
    }

    private Bytes identifier() {
        return Bytes.wrap(new byte[] {type.identifier()});
    }

    /**
     * Checks one line that has this key's name and key id.
     *
     * @throws NoteException if the line is not this key's signature of {@code noteText}
     */
    VerifiedLine verify(String noteText, SignatureLine line, SignatureChecker checker)
            throws NoteException, UncheckableException {
        Bytes message = Bytes.utf8(noteText);
        Bytes signature = line.signature();
        Instant seenAt = null;
        if (type.isCosignature()) {
            Cosignature cosignature = Cosignature.parse(line);
            seenAt = cosignature.seenAt();
            signature = cosignature.signature();
            message = type == NoteKeyType.COSIGNATURE_ED25519
                    ? Cosignature.message(cosignature.unixSeconds(), noteText)
                    : Cosignature.treeMessage(name, cosignature.unixSeconds(), TreeHead.parse(noteText));
        }
        boolean holds = type == NoteKeyType.ECDSA
                ? EcdsaKey.verify(publicKey, message, signature)
                : checker.verify(declared(), message, signature);
        if (!holds) {
            throw new NoteException("the signature line of " + name + " (key " + keyId() + ") does not verify");
        }
        return new VerifiedLine(line, this, seenAt);
    }

    private DeclaredKey declared() {
        KeyUse use = type.isCosignature() ? KeyUse.WITNESS : KeyUse.LOG;
        Algorithm algorithm =
                type == NoteKeyType.COSIGNATURE_ML_DSA_44 ? Algorithm.ML_DSA_44 : Algorithm.ED25519_SHA_512;
        return DeclaredKey.of(use, algorithm, algorithm.spkiOf(publicKey));
    }
}
