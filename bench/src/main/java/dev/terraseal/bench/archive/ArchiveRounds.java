package dev.terraseal.bench.archive;

import dev.terraseal.archiver.ArchiveBirth;
import dev.terraseal.archiver.Archiver;
import dev.terraseal.archiver.ArchiverConfig;
import dev.terraseal.archiver.ArchiverProgress;
import dev.terraseal.archiver.Patience;
import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.bench.BenchReport;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.s3.S3Location;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the archiver asks for at three rates, then paired rounds of archiving and of putting the same objects bare. */
public final class ArchiveRounds {
    private static final int[] RATES = {1, 100, 1_000};
    /** At one event a second this is a quarter of an hour of the log, and as many requests as a later one. */
    private static final int SLOW = 1_000;

    private static final double SECOND = 1e9;

    private final ExecutorService writes = Executors.newFixedThreadPool(8);
    private final int rounds;
    private final int entries;
    private final @Nullable S3Location s3;
    private final PrintStream err;
    private final InstantSource clock;
    private final SignatureChecker checker = new SignatureChecker(Providers.fast());

    /** @param s3 null for a temporary directory */
    public ArchiveRounds(int rounds, int entries, @Nullable S3Location s3, PrintStream err, InstantSource clock) {
        this.rounds = rounds;
        this.entries = entries;
        this.s3 = s3;
        this.err = err;
        this.clock = clock;
    }

    public BenchReport run() throws IOException, SigningException {
        Path work = Files.createTempDirectory("terraseal-bench-archive");
        ExecutorService checks =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            err.printf("bench archive: making %,d signed entries%n", entries);
            MadeLog made = MadeLog.of(entries);
            BenchArchive archives = new BenchArchive(work, s3, "bench-" + clock.millis());
            List<BenchReport.Also> also = new ArrayList<>();
            for (int rate : RATES) {
                cost(made, rate, archives, checks, also);
            }
            return BenchReport.of("archive", "entries/s", measure(made, archives, checks), also);
        } finally {
            checks.shutdownNow();
            writes.shutdownNow();
            delete(work);
        }
    }

    private void cost(
            MadeLog made, int rate, BenchArchive archives, ExecutorService checks, List<BenchReport.Also> also)
            throws StoreException, SigningException {
        int count = rate == 1 ? Math.min(SLOW, entries) : entries;
        PacedEntries paced = new PacedEntries(made.entries().subList(0, count), rate, clock.instant());
        CountedSigner logKey = new CountedSigner(made.keys().log());
        try (ArchiveStore store = archives.next()) {
            new ArchiveBirth(store, clock).begin(made.log(), made.keys().log(), Map.of());
            archives.requests().reset();
            archiver(made, store, logKey, paced, paced, paced::isExhausted, checks)
                    .run();
        }
        double thousands = count / 1_000.0;
        String at = " per 1,000 entries at " + rate + "/s";
        also.add(new BenchReport.Also(
                "PUT" + at, archives.unit(), archives.requests().puts() / thousands, ""));
        also.add(new BenchReport.Also(
                "other requests" + at, "", archives.requests().others() / thousands, "GET, LIST, DELETE"));
        also.add(new BenchReport.Also("KMS calls, log key," + at, "", logKey.calls() / thousands, "one a checkpoint"));
        also.add(new BenchReport.Also(
                "KMS calls, attest key, signing each," + at,
                "",
                1_000,
                "by definition, not counted; in batches one every 50 ms at most, and a PUT with it"));
        err.printf("bench archive: %,d entries at %,d/s counted%n", count, rate);
    }

    private Archiver archiver(
            MadeLog made,
            ArchiveStore store,
            MessageSigner logKey,
            SignedEntries stream,
            InstantSource time,
            BooleanSupplier stopping,
            ExecutorService checks) {
        ArchiverProgress progress = new ArchiverProgress();
        return new Archiver(
                new Archiver.Parts(
                        made.log(),
                        store,
                        KeyInForce.only(logKey),
                        checker,
                        checks,
                        writes,
                        stream,
                        new LastNote(),
                        // A store that fails ends a benchmark.
                        new Patience(pause -> false, progress),
                        progress,
                        time,
                        stopping),
                ArchiverConfig.Limits.every(ArchiverConfig.CHECKPOINT_INTERVAL));
    }

    private List<BenchReport.Round> measure(MadeLog made, BenchArchive archives, ExecutorService checks)
            throws StoreException, SigningException {
        List<BenchReport.Round> out = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            List<ObservedStore.Write> writes;
            double archived;
            try (ObservedStore store = archives.next()) {
                new ArchiveBirth(store, clock).begin(made.log(), made.keys().log(), Map.of());
                int born = store.writes().size();
                ReadyEntries ready = new ReadyEntries(made.entries());
                long begin = System.nanoTime();
                archiver(made, store, made.keys().log(), ready, clock, ready::isExhausted, checks)
                        .run();
                archived = entries / ((System.nanoTime() - begin) / SECOND);
                writes = store.writes().subList(born, store.writes().size());
            }
            double bare = entries / bare(writes, archives);
            err.printf(
                    "bench archive: round %d of %d: %,.0f entries/s, %d bare puts of the same %,.0f, ratio %.2f%n",
                    round, rounds, archived, writes.size(), bare, archived / bare);
            // The first one also warms compilers and caches.
            if (round > 0) {
                out.add(new BenchReport.Round("all ready", archived, bare));
            }
        }
        return out;
    }

    /** The same objects, one after the other as the archiver puts them, and nothing else: in seconds. */
    private static double bare(List<ObservedStore.Write> writes, BenchArchive archives) throws StoreException {
        try (ArchiveStore store = archives.next()) {
            long begin = System.nanoTime();
            for (ObservedStore.Write write : writes) {
                store.replace(write.name(), write.content());
            }
            return (System.nanoTime() - begin) / SECOND;
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
