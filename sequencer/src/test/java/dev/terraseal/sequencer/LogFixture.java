package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.keys.Providers;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import dev.terraseal.sequencer.state.TopicIds;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log with keys of its own, and events for it. */
public final class LogFixture {
    public static final Timestamp RECEIVED = Timestamp.parse("2026-11-22T01:02:05.000Z");
    public static final TopicIds TOPICS = new TopicIds(Bytes.utf8("events-topic-id."), Bytes.utf8("sequenced-topic."));

    private static final SecureRandom RANDOM = new SecureRandom();

    public final SoftSigner attest = signer(KeyUse.ATTEST, SoftKey.newP256(RANDOM));
    public final SoftSigner log = signer(KeyUse.LOG, SoftKey.newEd25519(RANDOM));
    public final SoftSigner authority = signer(KeyUse.AUTHORITY, SoftKey.newEd25519(RANDOM));
    public final SoftSigner ingest = signer(KeyUse.INGEST, SoftKey.newEd25519(RANDOM));
    public final SignatureChecker checker = new SignatureChecker(Providers.fast());
    public final LogDeclaration declaration;

    public LogFixture() {
        this("terraseal.local/test");
    }

    public LogFixture(String origin) {
        declaration = LogDeclaration.of(new LogDeclaration.Fields(
                new LogOrigin(origin),
                Digest.of(Bytes.utf8(origin)).bytes(),
                Timestamp.parse("2026-11-22T01:00:00.000Z"),
                List.of(attest.key(), log.key(), authority.key(), ingest.key()),
                1,
                List.of(authority.key().keyid()),
                512 * 1024,
                64,
                Duration.ofMinutes(10),
                Duration.ofDays(3650),
                null));
    }

    public static SoftSigner signer(KeyUse use, SoftKey key) {
        return new SoftSigner(DeclaredKey.of(use, key.algorithms().get(0), key.spki()), key);
    }

    /** A small apply whose outcome is {@code outcome}. */
    public static Event apply(String stream, String id, String outcome) {
        return event(PredicateType.TERRAFORM_APPLY, stream, id, "{\"outcome\":\"" + outcome + "\"}", null);
    }

    public static Event apply(String stream, String id) {
        return apply(stream, id, "succeeded");
    }

    public static Event tick() {
        return event(PredicateType.HEADS, "_log", "tick", "{}", null);
    }

    public static Event event(PredicateType type, String stream, String id, String body, @Nullable Bytes source) {
        return new Event(
                type,
                new StreamId(stream),
                new EventId(id),
                Timestamp.parse("2026-11-22T01:02:03.123Z"),
                Bytes.utf8("[{\"digest\":{\"sha256\":\"" + "0".repeat(64) + "\"},\"name\":\"tfplan\"}]"),
                Bytes.utf8(body),
                source,
                null,
                null,
                null);
    }

    /** The same event with {@code verified} in its source, signed by {@code by} over {@code genesis}. */
    public Event verified(Event event, SoftSigner by, Digest genesis) {
        Json.Obj verified = Json.obj()
                .put("issuer", "https://token.example")
                .put("method", "oidc")
                .put("subject", "repo:acme/infra")
                .build();
        Bytes signed = Dsse.pae(
                Dsse.IDENTITY,
                Json.obj()
                        .put("contentSha256", event.contentDigest())
                        .put("genesis", genesis)
                        .put("verified", verified)
                        .build()
                        .bytes());
        Json.Obj source = Json.obj()
                .put("verified", verified)
                .put(
                        "verifiedBy",
                        Json.obj()
                                .put("keyid", by.key().keyid().hex())
                                .put("sig", by.sign(signed).base64())
                                .build())
                .build();
        return new Event(
                event.type(),
                event.stream(),
                event.id(),
                event.occurredAt(),
                event.subjects(),
                event.body(),
                source.bytes(),
                null,
                null,
                null);
    }

    /** A key event that adds {@code added}, authorised by {@code by}, following {@code previous}. */
    public Event addKey(String id, SoftSigner added, SoftSigner by, Digest previous) {
        Bytes payload = Json.obj()
                .put("action", "add")
                .put("genesis", declaration.genesis())
                .put(
                        "keys",
                        Json.arr(List.of(Json.obj()
                                .put("algorithm", added.key().algorithm().name())
                                .put("from", SequenceNumber.ZERO.value())
                                .put("keyid", added.key().keyid().hex())
                                .put("spki", added.key().spki().base64())
                                .put("use", added.key().use().text())
                                .build())))
                .put("previous", previous)
                .put("reason", "another ingest")
                .build()
                .bytes();
        Bytes signed = Dsse.pae(Dsse.KEY_EVENT, payload);
        Envelope envelope = new Envelope(
                Dsse.KEY_EVENT,
                payload,
                List.of(
                        new DsseSignature(by.key().keyid(), by.sign(signed)),
                        new DsseSignature(added.key().keyid(), added.sign(signed))));
        Json.Obj body = Json.obj().put("authorisation", envelope.json()).build();
        return event(PredicateType.KEY_EVENT, "_keys", id, body.bytes().utf8(), null);
    }

    /** A statement's members, for looking at. */
    public static Json.Obj json(Bytes statement) {
        return CanonicalJson.parseObject(statement);
    }
}
