package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;

/** Names, times and sizes at and beyond what a bundle may have. */
final class Limits {
    private static final Expected HOLDS = Expected.unproven("");
    private static final Expected SEAL = Expected.refused("seal", "malformed");
    private static final Expected DECLARATION = Expected.refused("declaration", "malformed");

    private Limits() {}

    static void add(Draft whole, Draft filter) {
        names(whole);
        times(whole);
        sizes(whole);
        shards(whole);
        lines(whole, filter);
    }

    private static void names(Draft draft) {
        for (int length : new int[] {511, 512, 513, 600}) {
            String name = "docs/" + ("a".repeat(99) + "/").repeat(4) + "b".repeat(length - 405);
            BundleBytes named = draft.bundle().with(name, "x");
            boolean fits = length <= 512;
            draft.resealed(
                    "a name of " + length + " bytes",
                    named,
                    fits ? HOLDS : Expected.refused("file-hashes", "stranger", "malformed"));
            Mutation.Files sealed =
                    new Mutation.Files(named.sealedBy(draft.base().fixture().exportKey()));
            draft.add(
                    "a name of " + length + " bytes in a zip",
                    true,
                    new Mutation.Zip(sealed.zip()),
                    draft.base().asked(),
                    fits ? HOLDS : SEAL);
        }
    }

    private static void times(Draft draft) {
        for (String year : new String[] {"0000", "0001", "9999"}) {
            String manifest =
                    draft.bundle().text("manifest.json").replaceFirst("\"made\":\"2026", "\"made\":\"" + year);
            draft.resealed(
                    "made in the year " + year,
                    draft.bundle().with("manifest.json", manifest),
                    year.equals("0000") ? DECLARATION : HOLDS);
        }
    }

    private static void sizes(Draft draft) {
        BundleBytes whole = draft.bundle();
        String longer = whole.text("manifest.json").replace("\"0.1.0\"", "\"" + "0".repeat(16 << 20) + "\"");
        draft.resealed("a manifest of 16 MiB", whole.with("manifest.json", longer), DECLARATION);
        Bytes log = Bytes.concat(whole.get("log.json"), Bytes.wrap(new byte[1 << 20]));
        draft.resealed("a log.json of 1 MiB", whole.with("log.json", log), DECLARATION);
        Bytes pem = Bytes.concat(whole.get("export_key.pem"), Bytes.wrap(new byte[8 << 10]));
        draft.resealed("an export_key.pem of 8 KiB", whole.with("export_key.pem", pem), SEAL);
        String key = whole.names("keys/").get(0);
        draft.resealed(
                "a key file of 8 KiB",
                whole.with(key, Bytes.concat(whole.get(key), Bytes.wrap(new byte[8 << 10]))),
                Expected.refused("derived", "count-mismatch"));
        draft.asIs(
                "a signature of 4 KiB",
                whole.with("SHA256SUMS.sig", Bytes.concat(whole.get("SHA256SUMS.sig"), Bytes.wrap(new byte[4 << 10]))),
                SEAL);
    }

    /** Of an export that is no range nothing follows from these; they are counts all the same. */
    static void queries(Draft draft) {
        for (String member : new String[] {"end", "first"}) {
            for (long value : new long[] {-1, 0}) {
                String manifest = draft.bundle()
                        .text("manifest.json")
                        .replace("\"query\":{", "\"query\":{\"" + member + "\":" + value + ",");
                draft.resealed(
                        "a query with '" + member + "' " + value,
                        draft.bundle().with("manifest.json", manifest),
                        value < 0 ? DECLARATION : HOLDS);
            }
        }
    }

    /** Above 10,000 artifacts there are shards, and no sooner. */
    private static void shards(Draft draft) {
        BundleBytes whole = draft.bundle();
        String first = Base.artifact(0);
        StringBuilder lines = new StringBuilder();
        BundleBytes packed = whole;
        for (String name : whole.names("artifacts/")) {
            lines.append(whole.text(name)).append('\n');
            packed = packed.without(name);
        }
        int count = whole.names("artifacts/").size();
        String shard = "\"shards\":[{\"count\":" + count + ",\"file\":\"" + first + "l\",\"first\":0,\"last\":"
                + (count - 1) + "}],\"version\"";
        String manifest = whole.text("manifest.json").replace("\"version\"", shard);
        draft.resealed(
                "a shard of few artifacts",
                packed.with("manifest.json", manifest).with(first + "l", lines.toString()),
                DECLARATION);
        draft.resealed(
                "a shard that manifest.json does not name instead of artifacts",
                packed.with(first + "l", lines.toString()),
                Expected.refused("chain", "missing-entry", "stranger"));
    }

    private static void lines(Draft whole, Draft filter) {
        String signatures = whole.bundle().text("signatures.jsonl");
        int sig = signatures.indexOf("\"sig\":\"") + 7;
        String longer = signatures.substring(0, sig) + "A".repeat(1 << 17) + signatures.substring(sig);
        whole.resealed(
                "a line of 128 KiB in signatures.jsonl",
                whole.bundle().with("signatures.jsonl", longer),
                Expected.refused("signatures", "malformed"));
        String proofs = filter.bundle().text("proofs/entries.jsonl");
        int path = proofs.indexOf("\"path\":[") + 8;
        String hash = proofs.substring(path, path + 46) + ",";
        for (int more : new int[] {61, 62, 200}) {
            filter.resealed(
                    more + " hashes more in a path",
                    filter.bundle()
                            .with(
                                    "proofs/entries.jsonl",
                                    proofs.substring(0, path) + hash.repeat(more) + proofs.substring(path)),
                    Expected.refused("inclusion", more < 62 ? "not-included" : "malformed"));
        }
    }
}
