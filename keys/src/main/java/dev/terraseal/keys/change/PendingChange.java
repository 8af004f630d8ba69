package dev.terraseal.keys.change;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.statement.PredicateType;
import java.util.ArrayList;
import java.util.List;

/**
 * A key change on its way from whoever asks for it to the authority and back: the payload and the signatures so far. As a
 * file it is the DSSE envelope, whose list of signatures may still be empty.
 */
public record PendingChange(Bytes payload, List<DsseSignature> signatures) {
    public PendingChange {
        signatures = List.copyOf(signatures);
    }

    /** The same with one signature more; a second one by the same key replaces the first. */
    public PendingChange signedBy(MessageSigner signer) throws SigningException {
        List<DsseSignature> all = new ArrayList<>(signatures);
        all.removeIf(each -> each.keyid().equals(signer.key().keyid()));
        all.add(new DsseSignature(signer.key().keyid(), signer.sign(Dsse.pae(Dsse.KEY_EVENT, payload))));
        return new PendingChange(payload, all);
    }

    /**
     * The key event as it would be sent.
     *
     * @throws IllegalArgumentException if nobody signed yet, or the payload is none of a key event
     */
    public KeyEvent event() {
        return KeyEvent.of(new Envelope(Dsse.KEY_EVENT, payload, signatures));
    }

    /** What it says, whoever signed it. */
    public KeyEvent contents() {
        // What is read is the payload; the signature is there because an envelope has one.
        List<DsseSignature> some = signatures.isEmpty()
                ? List.of(new DsseSignature(new dev.terraseal.core.keys.KeyId(Digest.of(payload)), Bytes.utf8("none")))
                : signatures;
        return KeyEvent.of(new Envelope(Dsse.KEY_EVENT, payload, some));
    }

    /** The file: canonical JSON and a newline. */
    public Bytes file() {
        List<Json> lines = new ArrayList<>();
        signatures.forEach(each -> lines.add(each.json()));
        Json.Obj json = Json.obj()
                .put("payload", payload.base64())
                .put("payloadType", Dsse.KEY_EVENT)
                .put("signatures", Json.arr(lines))
                .build();
        return Bytes.concat(json.bytes(), Bytes.utf8("\n"));
    }

    /** Reads a file; what is not one is an {@link IllegalArgumentException}. */
    public static PendingChange parse(Bytes file) {
        String text = file.utf8();
        Bytes line = Bytes.utf8(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        Json.Obj json = CanonicalJson.parseObject(line).requireMembers("payload", "payloadType", "signatures");
        if (!json.string("payloadType").equals(Dsse.KEY_EVENT)) {
            throw new JsonException("payloadType is " + json.string("payloadType") + ", not " + Dsse.KEY_EVENT);
        }
        PendingChange change = new PendingChange(json.base64("payload"), Envelope.signatures(json));
        change.contents();
        return change;
    }

    /** The id of its event, from the payload alone: sent twice it is one entry. */
    public EventId id() {
        return new EventId("key-event-" + Digest.of(payload).hex().substring(0, 32));
    }

    /**
     * The event for {@code POST /v1/events}. Its subjects are the keys it is about, named by their ids, which are the
     * SHA-256 of their public halves.
     */
    public Json.Obj eventJson(Timestamp occurredAt) {
        KeyEvent event = event();
        List<Json> subjects = new ArrayList<>();
        event.keys()
                .forEach(each -> subjects.add(subject(
                        "new " + each.key().use().text() + " key",
                        each.key().keyid().value())));
        event.revoked()
                .forEach(
                        each -> subjects.add(subject("revoked key", each.keyid().value())));
        return Json.obj()
                .put("id", id().value())
                .put("occurredAt", occurredAt.toString())
                .put("predicate", event.body())
                .put("stream", StreamId.KEYS.value())
                .put("subjects", Json.arr(subjects))
                .put("type", PredicateType.KEY_EVENT.uri())
                .build();
    }

    private static Json subject(String name, Digest digest) {
        return Json.obj()
                .put("digest", Json.obj().put("sha256", digest).build())
                .put("name", name)
                .build();
    }
}
