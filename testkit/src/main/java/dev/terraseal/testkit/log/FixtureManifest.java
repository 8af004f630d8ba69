package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The manifest of some entries of a log. */
final class FixtureManifest {
    private static final int SHARD = 10_000;

    private final LogFixture fixture;
    private final List<Integer> indices;

    FixtureManifest(LogFixture fixture, List<Integer> indices) {
        this.fixture = fixture;
        this.indices = indices;
    }

    Bytes bytes(Json.Obj query, int size) {
        Map<String, Long> types = new TreeMap<>();
        Map<String, Long> outcomes = new TreeMap<>();
        for (int i : indices) {
            Statement statement = Statement.parse(fixture.entries().get(i).statement());
            types.merge(statement.type().uri(), 1L, Long::sum);
            if (statement.body().has("outcome")) {
                outcomes.merge(statement.body().string("outcome"), 1L, Long::sum);
            }
        }
        return Json.obj()
                .put("format", 1)
                .put("query", query)
                .put("first", indices.get(0).longValue())
                .put("last", indices.get(indices.size() - 1).longValue())
                .put("count", indices.size())
                .put("countByType", counts(types))
                .put("countByOutcome", counts(outcomes))
                .put("checkpointSize", size)
                .putIfPresent("shards", indices.size() > SHARD ? shards() : null)
                .put("made", "2026-11-22T02:00:00.000Z")
                .put("version", "0.1.0")
                .build()
                .bytes();
    }

    private Json.Arr shards() {
        List<Json> shards = new ArrayList<>();
        for (int at = 0; at < indices.size(); at += SHARD) {
            int end = Math.min(at + SHARD, indices.size());
            shards.add(Json.obj()
                    .put("file", "artifacts/" + new SequenceNumber(indices.get(at)).padded() + ".jsonl")
                    .put("first", indices.get(at).longValue())
                    .put("last", indices.get(end - 1).longValue())
                    .put("count", end - at)
                    .build());
        }
        return Json.arr(shards);
    }

    private static Json.Obj counts(Map<String, Long> counts) {
        Json.Builder out = Json.obj();
        counts.forEach((name, count) -> out.put(name, count.longValue()));
        return out.build();
    }
}
