package dev.terraseal.run.spool;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.client.Answer;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.SentEvent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Evidence that events name by its digest: it goes before them, and stays while one that names it waits. */
record Attachments(Spool spool, HttpLogClient client) {
    /** Why what {@code event} names could not be stored; empty where it is, or where it names nothing. */
    String send(SentEvent event) throws IOException, InterruptedException {
        Optional<Digest> named = named(event);
        Optional<Bytes> content = named.isPresent() ? spool.attachment(named.get()) : Optional.empty();
        if (named.isEmpty() || content.isEmpty()) {
            return "";
        }
        Answer answer = client.attach(named.get(), content.get());
        return answer.fold(new Answer.Fold<>(
                accepted -> "",
                recorded -> "",
                refused -> "the attachment " + named.get() + " was refused: "
                        + refused.problem().summary(),
                notPermitted -> notPermitted.problem().summary(),
                Answer.Unavailable::reason));
    }

    /** {@code event} does not wait any more. */
    void forget(SentEvent event) {
        Optional<Digest> named = named(event);
        try {
            boolean wanted = false;
            for (SpooledEvent other : named.isEmpty() ? List.<SpooledEvent>of() : spool.queued()) {
                wanted |= named(SentEvent.parse(other.bytes())).equals(named);
            }
            if (named.isPresent() && !wanted) {
                spool.attachmentSent(named.get());
            }
        } catch (IOException leftBehind) {
            // The pipeline has it: a file too many is no reason to say that the event was not sent.
        }
    }

    private static Optional<Digest> named(SentEvent event) {
        if (event.body() instanceof Json.Obj body && body.get("changes") instanceof Json.Obj changes) {
            try {
                return Optional.of(changes.digest("resourcesSha256"));
            } catch (IllegalArgumentException none) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
