package dev.terraseal.core.checkpoint;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import java.time.Instant;
import java.util.List;

/** Makes the lines of notes with a key wherever it lives. */
public final class NoteSigner {
    private NoteSigner() {}

    /**
     * Signs a checkpoint as its log (type 0x01, named by the origin). A caller signs one root for a size, ever.
     *
     * @throws IllegalArgumentException if the signer's key is not an Ed25519 key for checkpoints
     */
    public static SignedNote sign(Checkpoint checkpoint, MessageSigner signer) throws SigningException {
        VerifierKey key = VerifierKey.ofLog(checkpoint.origin(), signer.key());
        Bytes signature = signer.sign(Bytes.utf8(checkpoint.text()));
        return new SignedNote(checkpoint.text(), List.of(new SignatureLine(key.name(), key.keyId(), signature)));
    }

    /**
     * The second line of a log on its own checkpoint (type 0x06, named by the origin): it holds where Ed25519 does not any
     * more. A caller signs one root for a size, ever.
     *
     * @param at cut to the second
     * @throws IllegalArgumentException if the signer's key is not an ML-DSA-44 key for checkpoints
     */
    public static SignatureLine signSecond(Checkpoint checkpoint, Instant at, MessageSigner signer)
            throws SigningException {
        VerifierKey key = VerifierKey.secondOfLog(checkpoint.origin(), signer.key());
        long seconds = at.getEpochSecond();
        TreeHead head = new TreeHead(checkpoint.origin().value(), checkpoint.size(), checkpoint.root(), List.of());
        try {
            Bytes signature = signer.sign(Cosignature.treeMessage(key.name(), seconds, head));
            return new SignatureLine(key.name(), key.keyId(), new Cosignature(seconds, signature).field());
        } catch (NoteException tooLong) {
            throw new IllegalStateException("an origin has at most 255 bytes", tooLong);
        }
    }

    /**
     * Cosigns a note text as a witness or monitor (cosignature/v1, type 0x04). The caller has checked that the checkpoint
     * is consistent with the last one it cosigned under this origin, and has stored it.
     *
     * @param name the cosigner's own, one key to a name: the name itself is not signed
     * @param at cut to the second
     */
    public static SignatureLine cosign(String noteText, String name, Instant at, MessageSigner signer)
            throws SigningException {
        VerifierKey key = VerifierKey.ofCosigner(name, signer.key());
        long seconds = at.getEpochSecond();
        Bytes signature = signer.sign(Cosignature.message(seconds, noteText));
        return new SignatureLine(name, key.keyId(), new Cosignature(seconds, signature).field());
    }
}
