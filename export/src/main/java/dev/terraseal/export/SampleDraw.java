package dev.terraseal.export;

import dev.terraseal.store.StoreException;
import dev.terraseal.verifier.bundle.Draw;
import org.jspecify.annotations.Nullable;

/** Draws a sample of chosen entries by the smallest ranks, the log's own entries drawn on the way among them. */
final class SampleDraw {
    private final ProvenLog log;
    private final Progress progress;

    SampleDraw(ProvenLog log, Progress progress) {
        this.log = log;
        this.progress = progress;
    }

    Chosen draw(Selection.Sample wanted, Chosen population) throws StoreException, ExportException {
        if (population.end() - population.first() > Draw.POPULATION_MAX) {
            throw ExportException.asked("a sample is drawn of at most 10,000,000 entries; these are from "
                    + population.first() + " to " + population.end() + ": give a smaller --from and --to");
        }
        Draw draw = new Draw(population.first(), population.end(), wanted.count(), wanted.seed());
        SmallestRanks ranks = new SmallestRanks(draw.count());
        SegmentEntries entries = log.entriesFrom(population.first());
        for (long i = 0; i < population.count(); i++) {
            progress.at("drawing", i + 1, population.count());
            ArchivedEntry entry = entries.skipTo(sequence(population, i));
            long sequence = entry.sequence().value();
            ranks.see(draw.rank(sequence), sequence, entry.statement().stream().isReserved());
        }
        if (ranks.ordinary() < draw.count()) {
            throw ExportException.asked("--sample " + draw.count() + " is more than there is: of what was selected "
                    + ranks.ordinary() + " entries are not the log's own");
        }
        return Chosen.filter(text(wanted.population(), population, draw), Sequences.of(ranks.drawn()));
    }

    private static long sequence(Chosen population, long index) {
        Sequences single = population.single();
        return single == null ? population.first() + index : single.at((int) index);
    }

    private static String text(Selection selection, Chosen population, Draw draw) {
        if (selection instanceof Selection.Stream stream) {
            return "--stream " + stream.stream() + " " + draw.options();
        }
        @Nullable String asked = population.query().text();
        if (!population.isContiguous()) {
            return asked + " " + draw.options();
        }
        return asked == null ? draw.text() : asked + " " + draw.text();
    }
}
