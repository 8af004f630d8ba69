package dev.terraseal.export;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.store.StoreException;
import dev.terraseal.verifier.bundle.Draw;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Draws a sample of chosen entries by the smallest ranks, the log's own entries drawn on the way among them. */
final class SampleDraw {
    private final ProvenLog log;
    private final Progress progress;

    SampleDraw(ProvenLog log, Progress progress) {
        this.log = log;
        this.progress = progress;
    }

    private record Ranked(Digest rank, long sequence) {}

    Chosen draw(Selection.Sample wanted, Chosen population) throws StoreException, ExportException {
        if (population.end() - population.first() > Draw.POPULATION_MAX) {
            throw ExportException.asked("a sample is drawn of at most 10,000,000 entries; these are from "
                    + population.first() + " to " + population.end() + ": give a smaller --from and --to");
        }
        Draw draw = new Draw(population.first(), population.end(), wanted.count(), wanted.seed());
        PriorityQueue<Ranked> ordinary =
                new PriorityQueue<>(Comparator.comparing(Ranked::rank).reversed());
        List<Ranked> reserved = new ArrayList<>();
        SegmentEntries entries = log.entriesFrom(population.first());
        for (long i = 0; i < population.count(); i++) {
            progress.at("drawing", i + 1, population.count());
            ArchivedEntry entry = entries.skipTo(sequence(population, i));
            Ranked ranked = new Ranked(
                    draw.rank(entry.sequence().value()), entry.sequence().value());
            if (entry.statement().stream().isReserved()) {
                reserved.add(ranked);
            } else {
                ordinary.add(ranked);
                if (ordinary.size() > draw.count()) {
                    ordinary.remove();
                }
            }
        }
        Ranked last = ordinary.peek();
        if (last == null || ordinary.size() < draw.count()) {
            throw ExportException.asked("--sample " + draw.count() + " is more than there is: of what was selected "
                    + ordinary.size() + " entries are not the log's own");
        }
        LongStream drawn = LongStream.concat(
                ordinary.stream().mapToLong(Ranked::sequence),
                reserved.stream()
                        .filter(entry -> entry.rank().compareTo(last.rank()) < 0)
                        .mapToLong(Ranked::sequence));
        return Chosen.filter(text(wanted.population(), population, draw), Sequences.of(drawn));
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
