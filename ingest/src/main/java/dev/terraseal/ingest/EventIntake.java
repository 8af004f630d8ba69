package dev.terraseal.ingest;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.core.statement.StatementWriter;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.EventRecord;
import dev.terraseal.schemas.IdentitySeal;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.VerifiedIdentity;
import dev.terraseal.schemas.json.EventProblem;
import dev.terraseal.schemas.json.ParsedEvent;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a parsed event to the record that is sent: who sent it, a salt, and the checks that must be made before a 202,
 * because afterwards the event could only be rejected. What is sent is first read as the sequencer will read it, and
 * measured as the largest statement that can come of it.
 */
public final class EventIntake {
    /** How long a caller's name may be; it stands in every statement it sends. */
    static final int NAME_MAX = 256;

    private final LogDeclaration log;
    private final int schemaId;
    private final Attachments attachments;
    private final @Nullable MessageSigner identitySigner;
    private final SecureRandom random;

    /** @param identitySigner the ingest key, or null where callers are not authenticated */
    public EventIntake(
            LogDeclaration log,
            int schemaId,
            Attachments attachments,
            @Nullable MessageSigner identitySigner,
            SecureRandom random) {
        this.log = log;
        this.schemaId = schemaId;
        this.attachments = attachments;
        this.identitySigner = identitySigner;
        this.random = random;
    }

    /** An event that will be accepted unless its id is taken: the record to send, and what identifies it. */
    public record Ready(Event event, Digest contentDigest, Bytes framed) {}

    private record Named(String stream, String id) {}

    /** Every event of a request, or one problem that names all that is wrong: all are accepted or none. */
    public List<Ready> prepare(List<ParsedEvent> parsed, Optional<Tokens.Caller> caller)
            throws ProblemException, IOException, InterruptedException {
        requireAllowed(parsed, caller);
        EventDecoder decoder = new EventDecoder(schemaId, SchemaSource.none());
        Problems problems = new Problems();
        Map<Named, Digest> seen = new HashMap<>();
        List<Ready> ready = new ArrayList<>();
        for (int i = 0; i < parsed.size(); i++) {
            if (!(parsed.get(i) instanceof ParsedEvent.Accepted accepted)) {
                problems.add(i, parsed.get(i).fold(never -> List.of(), refused -> refused.problems()));
                continue;
            }
            int index = i;
            Ready event = ready(accepted, caller);
            Digest before = seen.putIfAbsent(
                    new Named(event.event().stream().value(), event.event().id().value()), event.contentDigest());
            if (before != null && !before.equals(event.contentDigest())) {
                problems.add(
                        i,
                        "/id",
                        RejectionReason.ID_CONFLICT.code(),
                        "this request holds the id twice in one stream, with content " + before + " and "
                                + event.contentDigest() + "; another event needs another id");
            }
            missingAttachment(accepted.event())
                    .ifPresent(named -> problems.add(
                            index,
                            "/predicate/changes/resourcesSha256",
                            "missing-attachment",
                            "the event names attachment " + named + ", which is not stored: PUT /v1/attachments/sha256/"
                                    + named + " first"));
            refusal(event, decoder).ifPresent(why -> problems.add(index, List.of(why)));
            ready.add(event);
        }
        problems.throwIfAny();
        return ready;
    }

    private static void requireAllowed(List<ParsedEvent> parsed, Optional<Tokens.Caller> caller)
            throws ProblemException {
        for (ParsedEvent event : parsed) {
            if (caller.isPresent()
                    && event instanceof ParsedEvent.Accepted accepted
                    && !caller.get().maySend(accepted.event().stream())) {
                throw new ProblemException(
                        403,
                        "forbidden",
                        "'" + caller.get().name() + "' may not send to stream '"
                                + accepted.event().stream() + "', only to or below "
                                + String.join(", ", caller.get().prefixes())
                                + "; no event of this request was accepted");
            }
        }
    }

    /** Why the sequencer would refuse the record that is to be sent. */
    private Optional<EventProblem> refusal(Ready ready, EventDecoder decoder) {
        try {
            return decoder.decode(ready.framed().toByteArray())
                    .fold(
                            decoded -> tooLarge(decoded.event()),
                            (DecodedEvent.Refused refused) -> Optional.of(new EventProblem(
                                    refused.pointer(),
                                    refused.rejection().reason(),
                                    refused.rejection().message())));
        } catch (RegistryUnavailableException impossible) {
            throw new IllegalStateException("our own schema is not asked for", impossible);
        }
    }

    private Optional<EventProblem> tooLarge(Event event) {
        int bytes = new StatementWriter().largestStatement(event, log.origin());
        if (bytes <= log.statementBytesLimit()) {
            return Optional.empty();
        }
        return Optional.of(new EventProblem(
                "",
                RejectionReason.TOO_LARGE,
                "its statement could have " + bytes + " bytes and this log takes " + log.statementBytesLimit()
                        + "; put what is large into an attachment (PUT /v1/attachments/sha256/…) and name its digest"));
    }

    private Ready ready(ParsedEvent.Accepted accepted, Optional<Tokens.Caller> caller) throws ProblemException {
        Event event = accepted.event();
        Digest contentDigest = event.contentDigest();
        EventRecord record = accepted.record();
        if (record.salt() == null) {
            byte[] salt = new byte[Event.SALT_BYTES];
            random.nextBytes(salt);
            record = record.withSalt(Bytes.wrap(salt));
        }
        if (caller.isPresent() && identitySigner != null) {
            record = identified(record, contentDigest, caller.get(), identitySigner);
        }
        return new Ready(event, contentDigest, Bytes.wrap(record.encode(schemaId)));
    }

    private EventRecord identified(EventRecord record, Digest content, Tokens.Caller caller, MessageSigner signer)
            throws ProblemException {
        VerifiedIdentity identity = new VerifiedIdentity(
                "ingest:" + log.origin(), caller.name(), Map.of(), "token", null, caller.tokenSha256());
        Bytes payload = Json.obj()
                .put("contentSha256", content)
                .put("genesis", log.genesis())
                .put("verified", identity.json())
                .build()
                .bytes();
        try {
            Bytes signature = signer.sign(Dsse.pae(Dsse.IDENTITY, payload));
            return record.withVerified(identity, new IdentitySeal(signer.key().keyid(), signature));
        } catch (SigningException notNow) {
            throw ProblemException.unavailable("the ingest key did not sign: " + notNow.getMessage());
        }
    }

    /** An event that names an attachment is accepted only when the archive has it: afterwards it could be lost. */
    private Optional<Digest> missingAttachment(Event event) throws ProblemException, IOException, InterruptedException {
        Json.Obj body = CanonicalJson.parseObject(event.body());
        Json.Obj changes = body.has("changes") ? body.object("changes") : null;
        if (changes == null || !changes.has("resourcesSha256")) {
            return Optional.empty();
        }
        Digest named = changes.digest("resourcesSha256");
        return attachments.has(named) ? Optional.empty() : Optional.of(named);
    }

    /** What is wrong with the events of one request: the first hundred, and how many more. */
    private static final class Problems {
        private static final int NAMED_MAX = 100;

        private final List<Json> named = new ArrayList<>();
        private int found;
        private String firstCode = "";

        void add(int index, List<EventProblem> problems) {
            problems.forEach(
                    problem -> add(index, problem.pointer(), problem.reason().code(), problem.message()));
        }

        void add(int index, String pointer, String code, String message) {
            firstCode = firstCode.isEmpty() ? code : firstCode;
            found++;
            if (named.size() < NAMED_MAX) {
                named.add(Json.obj()
                        .put("code", code)
                        .put("index", index)
                        .put("message", message)
                        .put("pointer", pointer)
                        .build());
            }
        }

        void throwIfAny() throws ProblemException {
            if (found > 0) {
                throw new ProblemException(
                        422,
                        firstCode,
                        found + " problem(s)"
                                + (found > named.size() ? ", of which the first " + named.size() + " are named" : "")
                                + "; no event of this request was accepted",
                        Json.obj().put("problems", Json.arr(named)).build());
            }
        }
    }
}
