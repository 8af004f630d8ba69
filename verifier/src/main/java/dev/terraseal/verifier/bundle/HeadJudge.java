package dev.terraseal.verifier.bundle;

import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.bundle.CheckpointLayer.Opened;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with the head of a bundle or a receipt.
 *
 * @param file where the head lies
 * @param keysKnown whether all key events were read and authorised: else nobody knows who signs it
 */
public record HeadJudge(Findings findings, String file, LogDeclaration log, KeyRing keys, boolean keysKnown) {
    /** Opens the head, now or where somebody began to. */
    public interface Opening {
        Opened open() throws NoteException, UncheckableException;
    }

    /** The head, or null and a finding: but where key events do not hold, that is said once, where it was found. */
    public @Nullable Opened judge(SignedNote note, @Nullable Checkpoint stated, Opening opening) {
        try {
            Opened opened = opening.open();
            Optional<String> suspicion = opened.suspicion();
            if (suspicion.isPresent()) {
                findings.add(Layer.CHECKPOINT, FindingName.SUSPECT, file, "The checkpoint is " + suspicion.get());
            }
            return opened;
        } catch (NoteException wrong) {
            if (keysKnown || CheckpointLayer.namesKeyInForce(note, stated, log, keys)) {
                refuse(findings, file, wrong);
            } else {
                findings.conclude(LayerResult.notCovered(
                        Layer.CHECKPOINT, "not checked: the key events that say who signs it do not hold"));
            }
        } catch (UncheckableException unknown) {
            findings.add(Layer.CHECKPOINT, FindingName.NOT_CHECKABLE, file, String.valueOf(unknown.getMessage()));
        }
        return null;
    }

    /** A note that is no checkpoint, or none of this log. */
    public static void refuse(Findings findings, String file, NoteException wrong) {
        findings.add(Layer.CHECKPOINT, FindingName.BAD_CHECKPOINT, file, "Checkpoint refused: " + wrong.getMessage());
    }
}
