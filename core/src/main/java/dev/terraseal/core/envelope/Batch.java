package dev.terraseal.core.envelope;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;

/**
 * What a batch signature is over: the RFC 6962 root of the leaves {@code first … first + count − 1}. Its payload type
 * keeps it apart from statements, so that no submitted statement can serve as a batch signature.
 */
public record Batch(LogOrigin log, Digest genesis, SequenceNumber first, long count, Digest root) {
    public static final long COUNT_MAX = 65_536;

    public Batch {
        if (count < 1 || count > COUNT_MAX) {
            throw new JsonException("a batch covers 1 to 65,536 entries, not " + count);
        }
    }

    public boolean covers(SequenceNumber sequence) {
        return sequence.value() >= first.value() && sequence.value() - first.value() < count;
    }

    public Bytes payload() {
        return Json.obj()
                .put("count", count)
                .put("first", first.value())
                .put("genesis", genesis)
                .put("log", log.value())
                .put("root", root.base64())
                .build()
                .bytes();
    }

    public static Batch parse(Bytes payload) {
        Json.Obj json = CanonicalJson.parseObject(payload).requireMembers("count", "first", "genesis", "log", "root");
        return new Batch(
                new LogOrigin(json.string("log")),
                json.digest("genesis"),
                new SequenceNumber(json.number("first")),
                json.number("count"),
                Digest.fromBytes(json.base64("root")));
    }
}
