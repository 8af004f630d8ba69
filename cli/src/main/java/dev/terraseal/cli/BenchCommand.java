package dev.terraseal.cli;

import dev.terraseal.bench.ArchiveBench;
import dev.terraseal.bench.PipelineBench;
import dev.terraseal.bench.PlotBench;
import dev.terraseal.bench.SequencerBench;
import dev.terraseal.bench.SignerBench;
import dev.terraseal.bench.VerifyBench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code terraseal bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure, each number beside its reference in the same run.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"%nExample: terraseal bench sequencer --json"},
        subcommands = {
            BenchCommand.Sequencer.class,
            BenchCommand.Signer.class,
            BenchCommand.Pipeline.class,
            BenchCommand.Archive.class,
            BenchCommand.Verify.class,
            BenchCommand.Plot.class
        })
public final class BenchCommand {

    /** The sequencer beside a plain exactly-once copy. */
    @Command(
            name = "sequencer",
            mixinStandardHelpOptions = true,
            description =
                    "The sequencer's throughput and latency beside a plain exactly-once copy of the same records.",
            footer = {"%nExample: terraseal bench sequencer --raw"})
    static final class Sequencer implements Callable<Integer> {
        @Option(names = "--raw", description = "Chain and duplicate detection only: no Avro, no canonical JSON.")
        boolean raw;

        @Option(names = "--rounds", defaultValue = "9", description = "Paired rounds (default: ${DEFAULT-VALUE}).")
        int rounds;

        @Option(
                names = "--events",
                defaultValue = "200000",
                description = "Events a round (default: ${DEFAULT-VALUE}).")
        int events;

        @Option(
                names = "--duplicates",
                description = "Only this share of events sent again, in percent (default: 0, 1 and 50).")
        @Nullable Integer duplicates;

        @Option(
                names = "--copy-commit",
                paramLabel = "MS",
                defaultValue = "20",
                description = "The copy ends a transaction so often (default: ${DEFAULT-VALUE} ms).")
        int copyCommit;

        @Option(names = "--json", description = "One JSON object.")
        boolean json;

        @Override
        public Integer call() throws IOException, InterruptedException {
            List<String> arguments = new ArrayList<>(List.of(
                    "--rounds",
                    Integer.toString(rounds),
                    "--events",
                    Integer.toString(events),
                    "--copy-commit",
                    Integer.toString(copyCommit)));
            if (raw) {
                arguments.add("--raw");
            }
            if (duplicates != null) {
                arguments.addAll(List.of("--duplicates", Integer.toString(duplicates)));
            }
            if (json) {
                arguments.add("--json");
            }
            return SequencerBench.run(arguments, System.out, System.err);
        }
    }

    /** The signer beside a bare loop and a quota. */
    @Command(
            name = "signer",
            mixinStandardHelpOptions = true,
            description =
                    "The signer with a local key beside a bare loop of the same signatures; and at a key service that"
                            + " takes 20 ms a call and has a quota of 1,000 a second: each, in batches, auto.",
            footer = {"%nExample: terraseal bench signer --rounds 3 --json"})
    static final class Signer implements Callable<Integer> {
        @Option(names = "--rounds", defaultValue = "5", description = "Paired rounds (default: ${DEFAULT-VALUE}).")
        int rounds;

        @Option(
                names = "--entries",
                defaultValue = "60000",
                description = "Statements a round (default: ${DEFAULT-VALUE}).")
        int entries;

        @Option(names = "--json", description = "One JSON object.")
        boolean json;

        @Override
        public Integer call() throws IOException, InterruptedException {
            List<String> arguments = new ArrayList<>(
                    List.of("--rounds", Integer.toString(rounds), "--entries", Integer.toString(entries)));
            if (json) {
                arguments.add("--json");
            }
            return SignerBench.run(arguments, System.out, System.err);
        }
    }

    /** The whole stack beside what was offered and beside a two-hop copy. */
    @Command(
            name = "pipeline",
            mixinStandardHelpOptions = true,
            description =
                    "terraseal up, broker and all, under events that come by Kafka: attestations a second, signed,"
                            + " archived with fsync and covered by a signed checkpoint; time from accept to each; the most it"
                            + " does; and the time to a signed attestation beside a two-hop exactly-once copy.",
            footer = {"%nExample: terraseal bench pipeline --signing batch --rate 6000 --json"})
    static final class Pipeline implements Callable<Integer> {
        @Option(
                names = "--signing",
                paramLabel = "each|batch|auto",
                defaultValue = "each",
                description = "As terraseal up has it (default: ${DEFAULT-VALUE}).")
        String signing;

        @Option(
                names = "--rate",
                description = "Events a second that are offered (default: " + PipelineBench.RATE + ").")
        @Nullable Integer rate;

        @Option(
                names = "--seconds",
                description = "How long they are offered (default: " + PipelineBench.SECONDS + ").")
        @Nullable Integer seconds;

        @Option(
                names = "--flood",
                description =
                        "Events that are offered as fast as they are taken (default: " + PipelineBench.FLOOD + ").")
        @Nullable Integer flood;

        @Option(
                names = "--grow",
                paramLabel = "ENTRIES",
                description =
                        "Instead of all that: grow one log to so many entries, at least 10000, and say at each size"
                                + " what an event costs and what the stack's heap holds. Not with --rate, --seconds or"
                                + " --flood.")
        @Nullable Integer grow;

        @Option(
                names = "--record",
                paramLabel = "FILE",
                description = "A flight recording of the stack's process (open it with jfr or Mission Control).")
        @Nullable String record;

        @Option(names = "--json", description = "One JSON object.")
        boolean json;

        @Override
        public Integer call() throws IOException, InterruptedException {
            List<String> arguments = new ArrayList<>(List.of("--signing", signing));
            add(arguments, "--rate", rate);
            add(arguments, "--seconds", seconds);
            add(arguments, "--flood", flood);
            add(arguments, "--grow", grow);
            if (record != null) {
                arguments.addAll(List.of("--record", record));
            }
            if (json) {
                arguments.add("--json");
            }
            return PipelineBench.run(arguments, System.out, System.err);
        }

        private static void add(List<String> arguments, String name, @Nullable Integer value) {
            if (value != null) {
                arguments.addAll(List.of(name, value.toString()));
            }
        }
    }

    /** Kept answers as pictures. */
    @Command(
            name = "plot",
            mixinStandardHelpOptions = true,
            description = "Draws answers that were kept (--json) as SVG, a picture a file, beside it.",
            footer = {"%nExample: terraseal bench plot docs/measured/*.json"})
    static final class Plot implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", arity = "1..*", description = "Answers of bench --json.")
        List<Path> files = List.of();

        @Override
        public Integer call() throws IOException {
            return PlotBench.run(files, System.out, System.err);
        }
    }

    /** Offline verification beside its floor. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Verification of a bundle, signed singly and in batches, beside reading, hashing and the same"
                    + " signature checks in a bare loop, each in 256 MB of heap; and the cold start of one"
                    + " receipt.",
            footer = {"%nExample: terraseal bench verify --rounds 3"})
    static final class Verify implements Callable<Integer> {
        @Option(names = "--rounds", defaultValue = "5", description = "Paired rounds (default: ${DEFAULT-VALUE}).")
        int rounds;

        @Option(
                names = "--entries",
                defaultValue = "100000",
                description = "Attestations in the bundle (default: ${DEFAULT-VALUE}).")
        int entries;

        @Option(names = "--json", description = "One JSON object.")
        boolean json;

        @Override
        public Integer call() throws IOException, InterruptedException {
            List<String> arguments = new ArrayList<>(
                    List.of("--rounds", Integer.toString(rounds), "--entries", Integer.toString(entries)));
            if (json) {
                arguments.add("--json");
            }
            return VerifyBench.run(arguments, System.out, System.err);
        }
    }

    /** The archiver's cost, and its rate beside bare puts. */
    @Command(
            name = "archive",
            mixinStandardHelpOptions = true,
            description = {
                "What the archiver asks for per 1,000 entries at 1, 100 and 1,000 events a second (PUT requests, KMS calls), and",
                "its rate beside putting the same objects bare into the same store.",
                "In a temporary directory, or in a bucket with Object Lock, where what it keeps is locked for a day."
            },
            footer = {
                "%nExamples:",
                "  terraseal bench archive",
                "  terraseal bench archive --archive s3://bucket/bench --s3-endpoint http://127.0.0.1:7480"
            })
    static final class Archive implements Callable<Integer> {
        @Option(names = "--rounds", defaultValue = "5", description = "Paired rounds (default: ${DEFAULT-VALUE}).")
        int rounds;

        @Option(
                names = "--entries",
                defaultValue = "20000",
                description = "Entries a round (default: ${DEFAULT-VALUE}).")
        int entries;

        @Option(names = "--archive", paramLabel = "s3://…", description = "A bucket (default: a temporary directory).")
        @Nullable String archive;

        @Option(names = "--s3-endpoint", paramLabel = "URL", description = "An S3 endpoint other than AWS.")
        @Nullable String s3Endpoint;

        @Option(names = "--json", description = "One JSON object.")
        boolean json;

        @Override
        public Integer call() throws IOException {
            List<String> arguments = new ArrayList<>(
                    List.of("--rounds", Integer.toString(rounds), "--entries", Integer.toString(entries)));
            if (archive != null) {
                arguments.addAll(List.of("--archive", archive));
            }
            if (s3Endpoint != null) {
                arguments.addAll(List.of("--s3-endpoint", s3Endpoint));
            }
            if (json) {
                arguments.add("--json");
            }
            return ArchiveBench.run(arguments, System.out, System.err);
        }
    }
}
