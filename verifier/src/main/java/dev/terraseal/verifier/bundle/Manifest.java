package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** manifest.json: what an export says it holds. Nothing in it is believed before it was derived again. */
public record Manifest(
        Query query,
        long first,
        long last,
        long count,
        Json.Obj countByType,
        Json.Obj countByOutcome,
        long checkpointSize,
        List<Shard> shards,
        Timestamp made,
        String version) {
    public Manifest {
        shards = List.copyOf(shards);
    }

    /** What was asked of an export. */
    public enum Kind {
        ALL,
        RANGE,
        STREAM,
        FILTER
    }

    /** The question an export answers; {@code text} is what was typed, for people. */
    public record Query(
            Kind kind,
            @Nullable Long first,
            @Nullable Long end,
            @Nullable StreamId stream,
            @Nullable String text) {
        public Json.Obj json() {
            return Json.obj()
                    .put("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
                    .putIfPresent("first", first)
                    .putIfPresent("end", end)
                    .putIfPresent("stream", stream == null ? null : stream.value())
                    .putIfPresent("text", text)
                    .build();
        }
    }

    /** A file of artifacts, a line each. */
    public record Shard(String file, long first, long last, long count) {}

    /** Whether the artifacts are every entry from first to last. */
    public boolean isContiguous() {
        return query.kind() == Kind.ALL || query.kind() == Kind.RANGE;
    }

    boolean isWhole() {
        return query.kind() == Kind.ALL;
    }

    /** Where the artifacts lie in the log, for people. */
    String span() {
        return switch (query.kind()) {
            case ALL, RANGE -> "sequences " + first + "–" + last;
            case STREAM -> "one stream between " + first + " and " + last;
            case FILTER ->
                "between " + first + " and " + last + " (" + query.text() + "): "
                        + (Draw.named(String.valueOf(query.text())).isPresent()
                                ? "a sample"
                                : "selection, completeness not proven");
        };
    }

    public Bytes bytes() {
        List<Json> lines = new ArrayList<>();
        for (Shard shard : shards) {
            lines.add(Json.obj()
                    .put("file", shard.file())
                    .put("first", shard.first())
                    .put("last", shard.last())
                    .put("count", shard.count())
                    .build());
        }
        return Json.obj()
                .put("format", 1)
                .put("query", query.json())
                .put("first", first)
                .put("last", last)
                .put("count", count)
                .put("countByType", countByType)
                .put("countByOutcome", countByOutcome)
                .put("checkpointSize", checkpointSize)
                .putIfPresent("shards", shards.isEmpty() ? null : Json.arr(lines))
                .put("made", made.toString())
                .put("version", version)
                .build()
                .bytes();
    }

    /** Reads the file; a form or numbers that cannot be are a {@link JsonException}. */
    public static Manifest parse(Bytes bytes) {
        Json.Obj json = CanonicalJson.parseObject(bytes)
                .requireMembers(
                        "format",
                        "query",
                        "first",
                        "last",
                        "count",
                        "countByType",
                        "countByOutcome",
                        "checkpointSize",
                        "shards?",
                        "made",
                        "version");
        if (json.number("format") != 1) {
            throw new JsonException("has format " + json.number("format") + "; this program reads format 1");
        }
        Manifest manifest = new Manifest(
                query(json.object("query").requireMembers("kind", "first?", "end?", "stream?", "text?")),
                json.number("first"),
                json.number("last"),
                json.number("count"),
                json.object("countByType"),
                json.object("countByOutcome"),
                json.number("checkpointSize"),
                shards(json),
                Timestamp.parse(json.string("made")),
                json.string("version"));
        manifest.requirePossible();
        return manifest;
    }

    private static Query query(Json.Obj json) {
        String stream = json.stringOrNull("stream");
        return new Query(
                kind(json.string("kind")),
                countOrNull(json, "first"),
                countOrNull(json, "end"),
                stream == null ? null : new StreamId(stream),
                json.stringOrNull("text"));
    }

    /** Also of an export that is none of a range: there is no entry below 0, whatever is asked. */
    private static @Nullable Long countOrNull(Json.Obj json, String member) {
        if (!json.has(member)) {
            return null;
        }
        long count = json.number(member);
        if (count < 0) {
            throw new JsonException("its query has '" + member + "' " + count + ", and nothing is below 0");
        }
        return count;
    }

    private static Kind kind(String text) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(java.util.Locale.ROOT).equals(text)) {
                return kind;
            }
        }
        throw new JsonException("the query kind '" + text + "' is none of all, range, stream, filter");
    }

    private static List<Shard> shards(Json.Obj json) {
        List<Shard> shards = new ArrayList<>();
        if (json.has("shards")) {
            for (Json.Obj shard : json.array("shards").objects()) {
                shard.requireMembers("file", "first", "last", "count");
                shards.add(new Shard(
                        shard.string("file"), shard.number("first"), shard.number("last"), shard.number("count")));
            }
        }
        return shards;
    }

    private void requirePossible() {
        if (first < 0 || last < first || count < 1 || count > last - first + 1 || last >= checkpointSize) {
            throw new JsonException("says entries " + first + " to " + last + ", " + count + " of them, under size "
                    + checkpointSize + ", which cannot be");
        }
        if (isContiguous() && count != last - first + 1) {
            throw new JsonException("says every entry from " + first + " to " + last + ", and that these are " + count);
        }
        Long end = query.end();
        Long from = query.first();
        boolean fits = switch (query.kind()) {
            case ALL -> from == null && end == null && first == 0 && last == checkpointSize - 1;
            case RANGE -> from != null && end != null && from == first && end == last + 1;
            case STREAM -> query.stream() != null;
            case FILTER -> query.text() != null && Draw.isPossible(query.text(), checkpointSize);
        };
        if (!fits) {
            throw new JsonException("its query and its numbers do not fit together");
        }
        requireShards();
    }

    private void requireShards() {
        boolean sharded = count > BundleNames.SHARD;
        if (sharded != !shards.isEmpty()) {
            throw new JsonException("above " + BundleNames.SHARD + " artifacts, and only then, there are shards");
        }
        long total = 0;
        for (int i = 0; i < shards.size(); i++) {
            Shard shard = shards.get(i);
            boolean full = i < shards.size() - 1;
            if (full ? shard.count() != BundleNames.SHARD : shard.count() < 1 || shard.count() > BundleNames.SHARD) {
                throw new JsonException("shard " + shard.file() + " cannot have " + shard.count() + " artifacts");
            }
            if (!shard.file().equals(BundleNames.shard(new dev.terraseal.core.bytes.SequenceNumber(shard.first())))) {
                throw new JsonException("shard " + shard.file() + " is not named by its first artifact");
            }
            long begins = i == 0 ? first : shards.get(i - 1).last() + 1;
            boolean follows = isContiguous() || i == 0 ? shard.first() == begins : shard.first() >= begins;
            long span = shard.last() - shard.first() + 1;
            if (!follows || (isContiguous() ? span != shard.count() : span < shard.count())) {
                throw new JsonException("shard " + shard.file() + " cannot hold " + shard.count() + " artifacts from "
                        + shard.first() + " to " + shard.last());
            }
            total += shard.count();
        }
        if (sharded && shards.get(shards.size() - 1).last() != last) {
            throw new JsonException("its last shard does not end with its last artifact");
        }
        if (sharded && total != count) {
            throw new JsonException("its shards hold " + total + " artifacts, not " + count);
        }
    }
}
