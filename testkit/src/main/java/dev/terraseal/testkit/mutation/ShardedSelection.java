package dev.terraseal.testkit.mutation;

import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A selection of more than 10,000 entries with gaps. What manifest.json says of its shards leaves room: only the numbers in
 * signatures.jsonl tell where each begins and ends. Apart from the catalogue, because each takes seconds.
 */
public final class ShardedSelection {
    private static final String SECOND = "artifacts/00000000000000010002.jsonl";
    private static final Expected MALFORMED = Expected.refused("chain", "malformed");

    private final Base base;

    private ShardedSelection(long seed) {
        LogFixture log = Logs.large(seed);
        List<Integer> shown = IntStream.range(0, log.size())
                .filter(index -> index != 5 && index != 10_001)
                .boxed()
                .toList();
        BundleBytes bundle = FixtureExport.of(log).filter(shown);
        base = new Base(
                "sharded selection",
                log,
                log,
                log,
                bundle,
                List.of(),
                Asked.under(log.log().genesis()));
    }

    public static ShardedSelection of(long seed) {
        return new ShardedSelection(seed);
    }

    public Base base() {
        return base;
    }

    public List<Mutation> mutations() {
        Draft draft = new Draft(base, 1, 1);
        BundleBytes whole = base.bundle();
        manifest(
                draft,
                "a first shard that ends an entry later",
                whole,
                "\"last\":10000}",
                "\"last\":10001}",
                MALFORMED);
        String renamed = SECOND.replace("10002", "10001");
        manifest(
                draft,
                "a second shard that begins an entry earlier",
                whole.without(SECOND).with(renamed, whole.get(SECOND)),
                "\"file\":\"" + SECOND + "\",\"first\":10002",
                "\"file\":\"" + renamed + "\",\"first\":10001",
                MALFORMED);
        List<String> lines = new ArrayList<>(whole.lines(SECOND));
        String last = lines.remove(lines.size() - 1);
        draft.resealed(
                "the last line of the second shard gone",
                whole.withLines(SECOND, lines),
                Expected.refused("chain", "missing-entry"));
        lines.add(last);
        lines.add(last);
        draft.resealed(
                "the last line of the second shard twice",
                whole.withLines(SECOND, lines),
                Expected.refused("chain", "stranger"));
        draft.resealed("no second shard", whole.without(SECOND), Expected.refused("chain", "missing-entry"));
        return draft.mutations();
    }

    private static void manifest(
            Draft draft, String what, BundleBytes bundle, String said, String instead, Expected expected) {
        String manifest = bundle.text("manifest.json");
        if (!manifest.contains(said)) {
            throw new IllegalStateException("manifest.json does not say " + said);
        }
        draft.resealed(what, bundle.with("manifest.json", manifest.replace(said, instead)), expected);
    }
}
