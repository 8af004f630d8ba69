package dev.terraseal.testkit.mutation;

import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;

/**
 * Forms and numbers that two readers of docs/formats.md once took in two ways: one verifier refused a bundle that the other
 * trusted. Each has the one answer that the page gives now. Apart from the catalogue, of which tests take every so many.
 */
public final class TwoReadings {
    private static final String PUBLISHED =
            "six, resealed: (junk as proofs/entries.jsonl|a hash in proofs/consistency/99"
                    + "|a checkpoint with (63|64) strangers' lines|a checkpoint with U\\+(0085|FEFF) in a key name"
                    + "|report.html with a byte behind it that is no UTF-8|sealed with RSA .* 4294967311"
                    + "|made in the year 0000|a name of 513 bytes in a zip|the checkpoint to continue, of size 0"
                    + "|a shard of few artifacts)"
                    + "|six, range, resealed: (junk as proofs/stream.json|junk as artifacts/.*)"
                    + "|six, stream, resealed: (the first hash last in proofs/consistency/3|a strange proofs/range.json)"
                    + "|six, filter, resealed: the text of (the draw it is|another draw|a draw beyond the head|days that are no times)"
                    + "|(a heads entry with a salt, filter|a wrong root, filter from 0|no root, range"
                    + "|a stream that begins twice, filter), resealed: .*"
                    + "|formulas, resealed: (the cells that they are|no ' in ;'=1.*)";

    private final List<Base> bases = new ArrayList<>();
    private final List<Mutation> mutations = new ArrayList<>();

    private TwoReadings() {}

    /** All of them; the same seed gives the same ones on every machine. */
    public static TwoReadings of(long seed) {
        TwoReadings out = new TwoReadings();
        LogFixture log = six(seed);
        Draft whole =
                out.draft("six", log, FixtureExport.of(log).withDerivedFiles().whole());
        Draft range = out.draft(
                "six, range", log, FixtureExport.of(log).withDerivedFiles().range(1, 5));
        Draft stream = out.draft("six, stream", log, FixtureExport.of(log).stream(Logs.PROD));
        Draft filter = out.draft(
                "six, filter", log, FixtureExport.of(log).withDerivedFiles().filter(List.of(1, 4)));
        OtherFiles.add(whole, range, stream, filter);
        NoteForms.add(whole);
        SealingKeys.add(whole);
        Limits.add(whole, filter);
        Limits.queries(filter);
        Limits.queries(stream);
        SampleTexts.add(filter);
        EarlierHeads.notes(whole);
        List.of(range, stream, filter).forEach(EarlierHeads::proofs);
        List.of(whole, range, stream, filter).forEach(out::take);
        HeadsForms.drafts(seed).forEach(out::take);
        ReviewedSignatures.drafts(seed).forEach(out::take);
        ReviewedTimes.drafts(seed).forEach(out::take);
        ReviewedTrees.drafts(seed).forEach(out::take);
        out.take(UnsoundWitnesses.draft(seed));
        out.take(OwnWitness.draft(seed));
        out.take(CrossedBatches.draft(seed));
        out.take(SplitCells.draft(seed));
        return out;
    }

    /** Six entries of one stream, heads entries at 3 and 5. */
    static LogFixture six(long seed) {
        LogFixture log = LogFixture.seeded("terraseal.local/six", seed);
        log.apply(Logs.PROD, 1, 2).apply(Logs.PROD, 2, 3).apply(Logs.PROD, 3, 4).heads();
        return log.apply(Logs.PROD, 4, 5).heads();
    }

    private Draft draft(String name, LogFixture log, BundleBytes bundle) {
        return draftOf(name, log, bundle);
    }

    static Draft draftOf(String name, LogFixture log, BundleBytes bundle) {
        Asked asked = Asked.under(log.log().genesis());
        return new Draft(new Base(name, log, log, log, bundle, List.of(), asked), 1, 1);
    }

    /** The whole bundles and some of each kind, for other verifiers. */
    List<Mutation> published() {
        List<Mutation> out = new ArrayList<>();
        for (Base base : bases) {
            if (base.name().startsWith("six")) {
                out.add(new Mutation(
                        "whole",
                        base.name(),
                        true,
                        new Mutation.Files(base.bundle()),
                        base.asked(),
                        Expected.unproven("")));
            }
        }
        mutations.stream()
                .filter(mutation -> mutation.toString().matches(PUBLISHED))
                .forEach(out::add);
        return out;
    }

    private void take(Draft draft) {
        bases.add(draft.base());
        mutations.addAll(draft.mutations());
    }

    /** The bundles they were made of. */
    public List<Base> bases() {
        return List.copyOf(bases);
    }

    public List<Mutation> mutations() {
        return List.copyOf(mutations);
    }
}
