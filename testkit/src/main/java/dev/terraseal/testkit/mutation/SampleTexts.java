package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.testkit.log.BundleBytes;

/** What the query of a selection may say about a draw: which texts are drawn again, and which cannot be. */
final class SampleTexts {
    private static final Expected UNDRAWN = Expected.unproven("that the draw of the sample is the one its seed gives");
    private static final Expected OTHER = Expected.refused("derived", "other-sample");
    private static final Expected IMPOSSIBLE = Expected.refused("declaration", "malformed");
    private static final String SINCE = "--since 2026-11-22T00:00:00.000Z --until 2026-11-23T00:00:00.000Z ";

    private final Draft draft;

    private SampleTexts(Draft draft) {
        this.draft = draft;
    }

    static void add(Draft draft) {
        SampleTexts texts = new SampleTexts(draft);
        String drawn = "--from 0 --to 6 --sample 2 --seed ";
        String right = texts.seedOf(6);
        texts.put("the draw it is", drawn + right, Expected.unproven(""));
        texts.put("the draw it is, of some days", SINCE + drawn + right, Expected.unproven(""));
        texts.put("another draw", drawn + texts.otherThan(6), OTHER);
        texts.put("another draw, of some days", SINCE + drawn + texts.otherThan(6), OTHER);
        texts.put("days that are no times", "--since x --until y " + drawn + texts.otherThan(6), UNDRAWN);
        texts.put("another population", "--stream acme/infra/prod --sample 2 --seed z", UNDRAWN);
        texts.put("a sample of ten million", "--from 0 --to 6 --sample 10000000 --seed z", UNDRAWN);
        texts.put("a sample of 9,999,999", "--from 0 --to 6 --sample 9999999 --seed z", OTHER);
        texts.put("a draw beyond the head", "--from 0 --to 40 --sample 2 --seed " + texts.seedOf(40), IMPOSSIBLE);
        texts.put("a draw far beyond the head", "--from 0 --to 20000000 --sample 2 --seed z", IMPOSSIBLE);
        texts.put("a draw beyond any head", "--from 0 --to 9999999999999999 --sample 2 --seed z", IMPOSSIBLE);
        texts.put("a draw that ends before it begins", "--from 6 --to 2 --sample 2 --seed z", IMPOSSIBLE);
        texts.put("a draw of nothing", "--from 2 --to 2 --sample 2 --seed z", IMPOSSIBLE);
    }

    private void put(String what, String text, Expected expected) {
        BundleBytes whole = draft.bundle();
        String manifest = whole.text("manifest.json").replace("\"text\":\"by hand\"", "\"text\":\"" + text + "\"");
        draft.resealed("the text of " + what, whole.with("manifest.json", manifest), expected);
    }

    /** A seed by which entries 1 and 4 are drawn first of so many. */
    private String seedOf(int population) {
        int seed = 0;
        while (!draws(seed, population)) {
            seed++;
        }
        return String.valueOf(seed);
    }

    private String otherThan(int population) {
        int seed = 0;
        while (draws(seed, population)) {
            seed++;
        }
        return String.valueOf(seed);
    }

    private static boolean draws(int seed, int population) {
        Digest one = rank(seed, 1);
        Digest four = rank(seed, 4);
        Digest cut = one.compareTo(four) > 0 ? one : four;
        for (int n = 0; n < population; n++) {
            if (n != 1 && n != 4 && rank(seed, n).compareTo(cut) < 0) {
                return false;
            }
        }
        return true;
    }

    private static Digest rank(int seed, int n) {
        return Digest.of(Bytes.utf8(seed + "/" + n));
    }
}
