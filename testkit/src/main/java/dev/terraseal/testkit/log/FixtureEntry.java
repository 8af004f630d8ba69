package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import java.util.ArrayList;
import java.util.List;

/** One entry with its signatures; {@code batch} is −1 where it is signed by itself. */
public record FixtureEntry(Bytes statement, List<DsseSignature> signatures, long batch, List<Digest> path) {
    public FixtureEntry {
        signatures = List.copyOf(signatures);
        path = List.copyOf(path);
    }

    static FixtureEntry own(Bytes statement, List<DsseSignature> signatures) {
        return new FixtureEntry(statement, signatures, -1, List.of());
    }

    static FixtureEntry inBatch(Bytes statement, long batch, List<Digest> path) {
        return new FixtureEntry(statement, List.of(), batch, path);
    }

    public Digest entryHash() {
        return Digest.of(statement);
    }

    /** A line of signatures.jsonl, without its end. */
    public Bytes signatureLine(long sequence) {
        return signed(Json.obj().put("sequence", sequence)).build().bytes();
    }

    /** A line of a segment, without its end. */
    public Bytes segmentLine() {
        return signed(Json.obj().put("payload", statement.base64()).put("payloadType", Dsse.STATEMENT))
                .build()
                .bytes();
    }

    private Json.Builder signed(Json.Builder line) {
        if (batch >= 0) {
            return line.put("batch", batch)
                    .put("path", Json.texts(path.stream().map(Digest::base64).toList()));
        }
        List<Json> out = new ArrayList<>();
        signatures.forEach(signature -> out.add(signature.json()));
        return line.put("signatures", Json.arr(out));
    }
}
