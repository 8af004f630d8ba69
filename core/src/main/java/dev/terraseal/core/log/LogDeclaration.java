package dev.terraseal.core.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * log.json: what a log is, for ever. Its SHA-256 is the genesis, the one value an auditor pins; every key follows from
 * it. Bytes that are not canonical, an unknown member, one key in two uses or a log without keys for statements,
 * checkpoints and authority are refused.
 */
public final class LogDeclaration {
    /** A hundred years: S3 Object Lock knows no longer lock, and a date computed from any more may be none. */
    public static final long RETENTION_DAYS_MAX = 36_500;

    /** An event has at most 1 MiB on its topic; readers take this as the longest statement there can be. */
    public static final int STATEMENT_BYTES_MAX = 1 << 20;

    private final Bytes bytes;
    private final Digest genesis;
    private final Fields fields;
    private final Map<KeyId, DeclaredKey> byId = new HashMap<>();

    /**
     * The values of a declaration before it has bytes.
     *
     * @param nonce 32 random bytes: two logs of one name and one key set still differ
     * @param authorityThreshold how many authority keys must sign a key change
     */
    public record Fields(
            LogOrigin origin,
            Bytes nonce,
            Timestamp created,
            List<DeclaredKey> keys,
            long authorityThreshold,
            List<KeyId> authorityKeys,
            long statementBytes,
            long depth,
            Duration heartbeat,
            Duration retention,
            @Nullable Predecessor predecessor) {
        public Fields {
            keys = List.copyOf(keys);
            authorityKeys = List.copyOf(authorityKeys);
        }
    }

    /** The log this one continues under another name. */
    public record Predecessor(LogOrigin origin, Digest genesis, long size, Digest root) {}

    private LogDeclaration(Bytes bytes, Fields fields) {
        this.bytes = bytes;
        this.genesis = Digest.of(bytes);
        this.fields = fields;
        for (DeclaredKey key : fields.keys()) {
            if (byId.put(key.keyid(), key) != null) {
                throw new JsonException("key " + key.keyid() + " is declared twice: a key has one use");
            }
        }
        for (KeyUse needed : List.of(KeyUse.ATTEST, KeyUse.LOG, KeyUse.AUTHORITY)) {
            if (keys(needed).isEmpty()) {
                throw new JsonException("no key for use '" + needed.text() + "'");
            }
        }
        requireAuthority();
        if (fields.nonce().length() != 32) {
            throw new JsonException("'nonce' has " + fields.nonce().length() + " bytes, not 32");
        }
    }

    private void requireAuthority() {
        Set<KeyId> distinct = new HashSet<>(fields.authorityKeys());
        if (distinct.size() != fields.authorityKeys().size()) {
            throw new JsonException("an authority key is named twice");
        }
        for (KeyId id : distinct) {
            DeclaredKey key = byId.get(id);
            if (key == null || key.use() != KeyUse.AUTHORITY) {
                throw new JsonException("authority names " + id + ", which is no declared authority key");
            }
        }
        if (fields.authorityThreshold() < 1 || fields.authorityThreshold() > distinct.size()) {
            throw new JsonException("an authority threshold of " + fields.authorityThreshold() + " with "
                    + distinct.size() + " keys can never hold");
        }
    }

    /** Writes a new declaration. */
    public static LogDeclaration of(Fields fields) {
        Json.Obj predecessor = fields.predecessor() == null
                ? null
                : Json.obj()
                        .put("genesis", fields.predecessor().genesis())
                        .put("origin", fields.predecessor().origin().value())
                        .put("root", fields.predecessor().root().base64())
                        .put("size", fields.predecessor().size())
                        .build();
        List<Json> keys = new ArrayList<>();
        for (DeclaredKey key : fields.keys()) {
            keys.add(Json.obj()
                    .put("algorithm", key.algorithm().name())
                    .put("keyid", key.keyid().hex())
                    .put("spki", key.spki().base64())
                    .put("use", key.use().text())
                    .build());
        }
        List<String> authority = new ArrayList<>();
        fields.authorityKeys().forEach(id -> authority.add(id.hex()));
        Json.Obj json = Json.obj()
                .put(
                        "authority",
                        Json.obj()
                                .put("keyids", Json.texts(authority))
                                .put("threshold", fields.authorityThreshold())
                                .build())
                .put("created", fields.created().toString())
                .put("format", 1)
                .put("hash", "SHA-256")
                .put("heartbeatSeconds", fields.heartbeat().toSeconds())
                .put("keys", Json.arr(keys))
                .put(
                        "limits",
                        Json.obj()
                                .put("depth", fields.depth())
                                .put("statementBytes", fields.statementBytes())
                                .build())
                .put("nonce", fields.nonce().hex())
                .put("origin", fields.origin().value())
                .putIfPresent("predecessor", predecessor)
                .put("retentionDays", fields.retention().toDays())
                .build();
        return parse(json.bytes());
    }

    public static LogDeclaration parse(Bytes bytes) {
        Json.Obj json = CanonicalJson.parseObject(bytes)
                .requireMembers(
                        "authority",
                        "created",
                        "format",
                        "hash",
                        "heartbeatSeconds",
                        "keys",
                        "limits",
                        "nonce",
                        "origin",
                        "predecessor?",
                        "retentionDays");
        if (json.number("format") != 1 || !json.string("hash").equals("SHA-256")) {
            throw new JsonException("log.json has format " + json.number("format") + " and hash " + json.string("hash")
                    + "; this program reads format 1 with SHA-256");
        }
        Json.Obj authority = json.object("authority").requireMembers("keyids", "threshold");
        Json.Obj limits = json.object("limits").requireMembers("depth", "statementBytes");
        List<KeyId> authorityKeys = new ArrayList<>();
        for (String id : authority.array("keyids").strings()) {
            authorityKeys.add(KeyId.fromHex(id));
        }
        return new LogDeclaration(
                bytes,
                new Fields(
                        new LogOrigin(json.string("origin")),
                        Bytes.fromHex(json.string("nonce")),
                        Timestamp.parse(json.string("created")),
                        KeyEvent.declaredKeys(json.array("keys"), false),
                        authority.number("threshold"),
                        authorityKeys,
                        positive(limits, "statementBytes", STATEMENT_BYTES_MAX),
                        positive(limits, "depth", CanonicalJson.DEPTH_MAX),
                        Duration.ofSeconds(positive(json, "heartbeatSeconds", Long.MAX_VALUE)),
                        Duration.ofDays(positive(json, "retentionDays", RETENTION_DAYS_MAX)),
                        predecessor(json.objectOrNull("predecessor"))));
    }

    private static long positive(Json.Obj json, String name, long most) {
        long value = json.number(name);
        if (value < 1) {
            throw new JsonException("'" + name + "' is " + value + "; it must be at least 1");
        }
        if (value > most) {
            throw new JsonException("'" + name + "' is " + value + "; it must be at most " + most);
        }
        return value;
    }

    private static @Nullable Predecessor predecessor(Json.@Nullable Obj json) {
        if (json == null) {
            return null;
        }
        json.requireMembers("genesis", "origin", "root", "size");
        if (json.number("size") < 0) {
            throw new JsonException("'size' is " + json.number("size") + "; no log has fewer entries than none");
        }
        return new Predecessor(
                new LogOrigin(json.string("origin")),
                json.digest("genesis"),
                json.number("size"),
                Digest.fromBytes(json.base64("root")));
    }

    public Bytes bytes() {
        return bytes;
    }

    /** SHA-256 of {@link #bytes()}: the {@code prevHash} of the first entry, and what an auditor pins. */
    public Digest genesis() {
        return genesis;
    }

    public LogOrigin origin() {
        return fields.origin();
    }

    public Timestamp created() {
        return fields.created();
    }

    public List<DeclaredKey> keys() {
        return fields.keys();
    }

    public List<DeclaredKey> keys(KeyUse use) {
        List<DeclaredKey> of = new ArrayList<>();
        for (DeclaredKey key : fields.keys()) {
            if (key.use() == use) {
                of.add(key);
            }
        }
        return List.copyOf(of);
    }

    public Optional<DeclaredKey> key(KeyId id) {
        return Optional.ofNullable(byId.get(id));
    }

    public int authorityThreshold() {
        return (int) fields.authorityThreshold();
    }

    public List<KeyId> authorityKeys() {
        return fields.authorityKeys();
    }

    /** Bytes a statement may have, at most {@link #STATEMENT_BYTES_MAX}. */
    public long statementBytesLimit() {
        return fields.statementBytes();
    }

    public long depthLimit() {
        return fields.depth();
    }

    /** At the latest this long after the first entry since the last heads entry there is another. */
    public Duration heartbeat() {
        return fields.heartbeat();
    }

    public Duration retention() {
        return fields.retention();
    }

    public @Nullable Predecessor predecessor() {
        return fields.predecessor();
    }
}
