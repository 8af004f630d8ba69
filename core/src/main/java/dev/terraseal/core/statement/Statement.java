package dev.terraseal.core.statement;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalBuffer;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An in-toto Statement v1 of this log, read strictly: canonical bytes, exact member sets, a type of the closed list with
 * a body of that type. The bytes are the truth; everything else is a view of them.
 */
public final class Statement {
    /** The default limit of a statement, in bytes. */
    public static final int BYTES_MAX = 512 * 1024;

    public static final int SUBJECTS_MAX = 1000;
    private static final String TYPE = "https://in-toto.io/Statement/v1";

    private final Bytes bytes;
    private final Digest entryHash;
    private final PredicateType type;
    private final Json.Arr subjects;
    private final Json.Obj body;
    private final Json.Obj event;
    private final ChainLink link;
    private final StreamId stream;
    private final EventId id;
    private final Digest contentDigest;
    private final Timestamp occurredAt;
    private final Timestamp receivedAt;
    private final Json.@Nullable Obj source;

    private Statement(Bytes bytes, Digest entryHash) {
        this.bytes = bytes;
        this.entryHash = entryHash;
        Json.Obj root =
                CanonicalJson.parseObject(bytes).requireMembers("_type", "predicate", "predicateType", "subject");
        if (!root.string("_type").equals(TYPE)) {
            throw new JsonException("'_type' is not " + TYPE);
        }
        String uri = root.string("predicateType");
        Optional<PredicateType> known = PredicateType.fromUri(uri);
        if (known.isEmpty()) {
            throw new JsonException("'predicateType' is not in the closed list: " + uri);
        }
        this.type = known.get();
        this.subjects = root.array("subject");
        requireSubjects(subjects);
        Json.Obj predicate = root.object("predicate").requireMembers("body", "chain", "event");
        this.body = predicate.object("body");
        type.requireBody(body);
        this.event = predicate
                .object("event")
                .requireMembers(
                        "contentSha256", "id", "occurredAt", "receivedAt", "salt?", "seenCheckpoint?", "source?");
        Json.Obj chain = predicate.object("chain").requireMembers("log", "prevHash", "sequence", "stream");
        Json.Obj inStream = chain.object("stream").requireMembers("id", "prevHash", "sequence");
        this.stream = new StreamId(inStream.string("id"));
        this.link = new ChainLink(
                new LogOrigin(chain.string("log")),
                new SequenceNumber(chain.number("sequence")),
                chain.digest("prevHash"),
                new SequenceNumber(inStream.number("sequence")),
                inStream.digest("prevHash"));
        this.id = new EventId(event.string("id"));
        this.contentDigest = event.digest("contentSha256");
        this.occurredAt = Timestamp.parse(event.string("occurredAt"));
        this.receivedAt = Timestamp.parse(event.string("receivedAt"));
        this.source = event.objectOrNull("source");
        requireEvent();
    }

    /** Reads {@code bytes}; what is not a statement of this form is an {@link IllegalArgumentException} naming the place. */
    public static Statement parse(Bytes bytes) {
        return parse(bytes, Digest.of(bytes));
    }

    /** As {@link #parse(Bytes)} for a caller that has {@code entryHash}, the SHA-256 of {@code bytes}, already. */
    public static Statement parse(Bytes bytes, Digest entryHash) {
        return new Statement(bytes, entryHash);
    }

    private static void requireSubjects(Json.Arr subjects) {
        if (subjects.items().isEmpty() || subjects.items().size() > SUBJECTS_MAX) {
            throw new JsonException("a statement has 1 to 1,000 subjects, not "
                    + subjects.items().size());
        }
        for (Json.Obj subject : subjects.objects()) {
            subject.requireMembers("digest", "name").string("name");
            subject.object("digest").requireMembers("sha256").digest("sha256");
        }
    }

    private void requireEvent() {
        if (event.has("salt") && Bytes.fromHex(event.string("salt")).length() != Event.SALT_BYTES) {
            throw new JsonException("'salt' has not 16 bytes");
        }
        event.objectOrNull("seenCheckpoint");
        if (source != null) {
            source.requireMembers("claimed?", "verified?", "verifiedBy?");
            if (source.has("verified") != source.has("verifiedBy")) {
                throw new JsonException("'verified' and 'verifiedBy' come together or not at all");
            }
        }
    }

    public Bytes bytes() {
        return bytes;
    }

    /** SHA-256 of {@link #bytes()}: the log's entry, and the next entry's {@code prevHash}. */
    public Digest entryHash() {
        return entryHash;
    }

    public PredicateType type() {
        return type;
    }

    public StreamId stream() {
        return stream;
    }

    public ChainLink link() {
        return link;
    }

    public SequenceNumber sequence() {
        return link.sequence();
    }

    public EventId id() {
        return id;
    }

    public Digest contentDigest() {
        return contentDigest;
    }

    public Timestamp occurredAt() {
        return occurredAt;
    }

    /** When the broker appended the event. */
    public Timestamp receivedAt() {
        return receivedAt;
    }

    public Json.Arr subjects() {
        return subjects;
    }

    public Json.Obj body() {
        return body;
    }

    /** {@code {claimed?, verified?, verifiedBy?}}, or null. */
    public Json.@Nullable Obj source() {
        return source;
    }

    public Json.@Nullable Obj seenCheckpoint() {
        return event.objectOrNull("seenCheckpoint");
    }

    /** Whether ingest added random bytes, so that a public entry hash confirms no guess. */
    public boolean isSalted() {
        return event.has("salt");
    }

    /**
     * What {@link Event#contentDigest()} of {@link #event()} is, without making the event: the parts are hashed where they
     * stand. {@link #contentDigest()} is only what the statement says it is.
     */
    public Digest derivedContentDigest() {
        Json claimed = source == null ? null : source.get("claimed");
        MessageDigest sha256 = Digest.sha256OfThread();
        CanonicalBuffer out = new CanonicalBuffer(1024);
        out.raw((byte) '{');
        if (claimed != null) {
            claimed.writeTo(out.ascii("\"claimed\":"));
            out.raw((byte) ',');
        }
        Event.writeBeforeBody(out, id, occurredAt);
        sha256.update(out.array(), 0, out.position());
        body.update(sha256);
        out.reset();
        Event.writeBeforeSubjects(out, stream);
        sha256.update(out.array(), 0, out.position());
        subjects.update(sha256);
        out.reset();
        return Event.finish(out, type, sha256);
    }

    /** The event this statement was made of, so that its content digest can be computed again. */
    public Event event() {
        Json claimed = source == null ? null : source.get("claimed");
        Json.Obj seen = seenCheckpoint();
        String salt = event.stringOrNull("salt");
        return new Event(
                type,
                stream,
                id(),
                occurredAt(),
                subjects.bytes(),
                body.bytes(),
                source == null ? null : source.bytes(),
                claimed == null ? null : claimed.bytes(),
                salt == null ? null : Bytes.fromHex(salt),
                seen == null ? null : seen.bytes());
    }
}
