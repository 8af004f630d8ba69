package dev.terraseal.ingest.routes;

import dev.terraseal.ingest.EventSender;
import dev.terraseal.ingest.follow.KnownIds;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** {@code GET /readyz}: whether an event sent now can be expected to be accepted. Asks nobody, so that it never blocks. */
public final class ReadyRoute implements Route {
    private final BooleanSupplier accepting;
    private final EventSender sender;
    private final KnownIds ids;

    /** @param accepting false for good once the service stops */
    public ReadyRoute(BooleanSupplier accepting, EventSender sender, KnownIds ids) {
        this.accepting = accepting;
        this.sender = sender;
        this.ids = ids;
    }

    @Override
    public Reply answer(Request request) throws ProblemException {
        request.requireMethod("GET", "HEAD");
        if (!accepting.getAsBoolean()) {
            return Reply.text(503, "stopping\n");
        }
        Optional<String> failure = sender.failure();
        if (failure.isPresent()) {
            return Reply.text(
                    503,
                    "Kafka did not confirm what was sent last (" + failure.get()
                            + "); it is tried every second: look at the brokers\n");
        }
        Optional<String> incomplete = ids.incomplete();
        if (incomplete.isPresent()) {
            return Reply.text(200, "ready; " + incomplete.get() + "\n");
        }
        return Reply.text(200, ids.isComplete() ? "ready\n" : "ready; ids of the log are still being read\n");
    }
}
