package dev.terraseal.core.log;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An authorised key change. It is authorised by the signatures it carries, not by the key that notarised it in the log;
 * {@link KeyRing} checks those.
 *
 * @param previous SHA-256 of the previous authorised payload, of log.json for the first
 */
public record KeyEvent(
        Envelope authorisation,
        Digest genesis,
        Digest previous,
        Action action,
        List<NewKey> keys,
        List<Revoked> revoked,
        @Nullable Provenance provenance,
        String reason) {

    /** What a key event does. */
    public enum Action {
        ADD,
        ROTATE,
        REVOKE;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A key introduced, in force from leaf index {@code from} or from just after its event, whichever is later. */
    public record NewKey(DeclaredKey key, SequenceNumber from) {}

    /** A key withdrawn; entries at or above {@code compromisedFrom} are suspect. */
    public record Revoked(KeyId keyid, @Nullable SequenceNumber compromisedFrom, String reason) {}

    /**
     * Where the new keys live, as those say who authorised them: nothing here proves it.
     *
     * @param kmsArn the key's own ARN at AWS KMS
     * @param keyPolicySha256 of the key policy's bytes, so that a later policy can be told from that of the day
     */
    public record Provenance(
            @Nullable String kmsArn, @Nullable Digest keyPolicySha256) {
        public Provenance {
            if (kmsArn == null && keyPolicySha256 == null) {
                throw new JsonException("'provenance' says nothing");
            }
        }

        static Provenance of(Json.Obj json) {
            json.requireMembers("keyPolicySha256?", "kmsArn?");
            return new Provenance(
                    json.stringOrNull("kmsArn"), json.has("keyPolicySha256") ? json.digest("keyPolicySha256") : null);
        }

        public Json.Obj json() {
            return Json.obj()
                    .putIfPresent("keyPolicySha256", keyPolicySha256 == null ? null : keyPolicySha256.hex())
                    .putIfPresent("kmsArn", kmsArn)
                    .build();
        }
    }

    public KeyEvent {
        keys = List.copyOf(keys);
        revoked = List.copyOf(revoked);
    }

    /** SHA-256 of the authorised payload: {@code previous} of the next key event. */
    public Digest payloadDigest() {
        return Digest.of(authorisation.payload());
    }

    /** The body of the key-event/v1 statement that carries it. */
    public Json.Obj body() {
        return Json.obj().put("authorisation", authorisation.json()).build();
    }

    /** Reads the body of a key-event/v1 statement; signatures are not checked here. */
    public static KeyEvent fromBody(Json.Obj body) {
        return of(Envelope.fromJson(body.requireMembers("authorisation").object("authorisation")));
    }

    /** Reads what an authorisation says; its signatures are not checked here, and may be incomplete. */
    public static KeyEvent of(Envelope envelope) {
        if (!envelope.payloadType().equals(Dsse.KEY_EVENT)) {
            throw new JsonException("a key event is authorised by an envelope of " + Dsse.KEY_EVENT + ", not "
                    + envelope.payloadType());
        }
        Json.Obj json = CanonicalJson.parseObject(envelope.payload())
                .requireMembers("action", "genesis", "keys", "previous", "provenance?", "reason", "revoke?");
        return new KeyEvent(
                envelope,
                json.digest("genesis"),
                json.digest("previous"),
                action(json.string("action")),
                newKeys(json.array("keys")),
                json.has("revoke") ? revoked(json.array("revoke")) : List.of(),
                json.has("provenance") ? Provenance.of(json.object("provenance")) : null,
                json.string("reason"));
    }

    private static Action action(String text) {
        for (Action action : Action.values()) {
            if (action.text().equals(text)) {
                return action;
            }
        }
        throw new JsonException("'action' is '" + text + "'; it is one of add, rotate, revoke");
    }

    private static List<NewKey> newKeys(Json.Arr array) {
        List<DeclaredKey> keys = declaredKeys(array, true);
        List<NewKey> out = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            out.add(new NewKey(
                    keys.get(i), new SequenceNumber(array.objects().get(i).number("from"))));
        }
        return out;
    }

    private static List<Revoked> revoked(Json.Arr array) {
        List<Revoked> out = new ArrayList<>();
        for (Json.Obj json : array.objects()) {
            json.requireMembers("compromisedFrom?", "keyid", "reason");
            SequenceNumber from =
                    json.has("compromisedFrom") ? new SequenceNumber(json.number("compromisedFrom")) : null;
            out.add(new Revoked(new KeyId(json.digest("keyid")), from, json.string("reason")));
        }
        return out;
    }

    static List<DeclaredKey> declaredKeys(Json.Arr array, boolean withFrom) {
        List<DeclaredKey> keys = new ArrayList<>();
        for (Json.Obj json : array.objects()) {
            if (withFrom) {
                json.requireMembers("algorithm", "from", "keyid", "spki", "use");
            } else {
                json.requireMembers("algorithm", "keyid", "spki", "use");
            }
            Optional<KeyUse> use = KeyUse.fromText(json.string("use"));
            Optional<Algorithm> algorithm = Algorithm.fromText(json.string("algorithm"));
            if (use.isEmpty()) {
                throw new JsonException("unknown key use '" + json.string("use") + "'");
            }
            if (algorithm.isEmpty()) {
                throw new JsonException("unknown algorithm '" + json.string("algorithm") + "'");
            }
            try {
                keys.add(new DeclaredKey(
                        use.get(), algorithm.get(), new KeyId(json.digest("keyid")), json.base64("spki")));
            } catch (JsonException said) {
                throw said;
            } catch (IllegalArgumentException notCanonical) {
                throw new JsonException(String.valueOf(notCanonical.getMessage()));
            }
        }
        return keys;
    }
}
