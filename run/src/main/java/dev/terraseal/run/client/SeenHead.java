package dev.terraseal.run.client;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.run.client.HttpLogClient.Fetched;
import java.util.Optional;

/**
 * The newest checkpoint before an event, as the event quotes it: what it quotes is older than it. Cosignatures are quoted
 * whole, because they are what somebody else dated.
 */
public final class SeenHead {
    private static final int COSIGNATURES_MAX = 15;

    private SeenHead() {}

    /** {@code {cosignatures, noteSha256, root, size}}, empty if there is no checkpoint with entries, or no answer. */
    public static Optional<Json.Obj> of(HttpLogClient client) throws InterruptedException {
        Fetched fetched = client.checkpoint();
        return fetched.bytes().flatMap(SeenHead::quoted);
    }

    /** The event as it was written, quoting {@code head}; every other byte stays. */
    public static Bytes quoting(Bytes event, SentEvent sent, Json.Obj head) {
        int at = sent.claims().quoteAt();
        return Bytes.concat(
                event.slice(0, at),
                Bytes.utf8("\"seenCheckpoint\":"),
                head.bytes(),
                Bytes.utf8(","),
                event.slice(at, event.length()));
    }

    static Optional<Json.Obj> quoted(Bytes checkpoint) {
        try {
            SignedNote note = SignedNote.parse(checkpoint);
            Checkpoint head = Checkpoint.parse(note.text());
            return head.size() == 0
                    ? Optional.empty()
                    : Optional.of(Json.obj()
                            .put(
                                    "cosignatures",
                                    Json.texts(note.lines().stream()
                                            .skip(1)
                                            .limit(COSIGNATURES_MAX)
                                            .map(SignatureLine::text)
                                            .toList()))
                            .put("noteSha256", Digest.of(note.firstLineOnly().bytes()))
                            .put("root", head.root().base64())
                            .put("size", head.size())
                            .build());
        } catch (NoteException noCheckpoint) {
            return Optional.empty();
        }
    }
}
