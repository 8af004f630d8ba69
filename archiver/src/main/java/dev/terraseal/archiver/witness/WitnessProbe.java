package dev.terraseal.archiver.witness;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.checkpoint.VerifiedLine;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** Looks at a witness without asking it for anything: is it there, and is its key the one of the policy? */
public final class WitnessProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final SignatureChecker checker;

    public WitnessProbe(SignatureChecker checker) {
        this.checker = checker;
    }

    /**
     * What it says of the log, in a sentence.
     *
     * @throws WitnessException if it does not answer, or answers with another key or another log
     */
    public String look(WitnessSettings.Witness witness, LogOrigin origin)
            throws WitnessException, InterruptedException {
        String who = witness.key().name() + " at " + witness.place();
        String path = Digest.of(Bytes.utf8(origin.value())).hex() + "/checkpoint";
        try {
            HttpResponse<InputStream> response = http.send(
                    HttpRequest.newBuilder(witness.at(path)).timeout(PATIENCE).build(), BodyHandlers.ofInputStream());
            Bytes body;
            try (InputStream in = response.body()) {
                body = Bytes.wrap(in.readNBytes(SignedNote.MAX_BYTES));
            }
            if (response.statusCode() == 404) {
                return who + " answers and has cosigned nothing of this log yet";
            }
            if (response.statusCode() != 200) {
                throw WitnessException.refused("the witness " + who + " answered " + response.statusCode());
            }
            SignedNote note = SignedNote.parse(body);
            VerifiedLine line = note.verify(List.of(witness.key()), checker).get(0);
            TreeHead head = TreeHead.parse(note.text());
            if (!head.origin().equals(origin.value())) {
                throw new NoteException("its checkpoint is of another log");
            }
            return who + " cosigned size " + head.size() + " at " + line.seenAt();
        } catch (IOException silent) {
            throw WitnessException.notNow("the witness " + who + " does not answer: " + silent, silent);
        } catch (NoteException | UncheckableException wrong) {
            throw WitnessException.refused("the witness " + who
                    + " shows no cosignature by the key of the policy: " + wrong.getMessage()
                    + ". Compare the policy with the line the witness prints at its start");
        }
    }
}
