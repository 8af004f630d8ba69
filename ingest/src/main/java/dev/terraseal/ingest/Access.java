package dev.terraseal.ingest;

import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Request;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is asking. Without a token file everyone is let in as nobody, which is why only loopback is served then. */
public final class Access {
    private final @Nullable Tokens tokens;

    public Access(@Nullable Tokens tokens) {
        this.tokens = tokens;
    }

    /** The caller; empty when no authentication is configured. */
    public Optional<Tokens.Caller> require(Request request) throws ProblemException {
        if (tokens == null) {
            return Optional.empty();
        }
        Optional<Tokens.Caller> caller = request.header("Authorization").flatMap(tokens::caller);
        if (caller.isEmpty()) {
            throw new ProblemException(
                    401,
                    "unauthenticated",
                    "send the header 'Authorization: Bearer <token>' with a token this log knows (TERRASEAL_TOKEN for the"
                            + " terraseal command)");
        }
        return caller;
    }
}
