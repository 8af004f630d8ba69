package dev.terraseal.cli;

import dev.terraseal.archiver.ArchiveReplay;
import dev.terraseal.archiver.ArchivedEnd;
import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.archiver.state.CheckedEntry;
import dev.terraseal.cli.log.ArchivedLog;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.ForeignRecordException;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.kafka.UndecidedTransactionException;
import dev.terraseal.keys.Providers;
import dev.terraseal.sequencer.SequencerConfig;
import dev.terraseal.sequencer.StoredUpTo;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal topics trim}: gives back the disk of what the archive holds, and only of that. */
@Command(
        name = "trim",
        mixinStandardHelpOptions = true,
        description = {
            "Deletes from terraseal.events, sequenced and attestations what lies below a sequence that the archive holds.",
            "The archive is read and checked up to there first, and has to be that of the log on the topics; without --yes",
            "it only says what it would do."
        },
        footer = {
            "%nSettings: kafka.bootstrap, kafka.client.*, kafka.logs (1), log.partition (0), archive, archive.s3.*,",
            "sequencer.application (terraseal-sequencer), whose state store has to cover what goes; without",
            "kafka.bootstrap the topics are those of the data directory's server.",
            "Examples:",
            "  terraseal topics trim --data /srv/terraseal",
            "  terraseal topics trim --keep 1000000 --set kafka.bootstrap=broker:9092 --archive s3://bucket/log --yes"
        })
final class TopicsTrimCommand implements Callable<Integer> {
    @Mixin
    SettingsOption settings = new SettingsOption();

    @Mixin
    ArchiveOption archive = new ArchiveOption();

    @Option(
            names = "--keep",
            defaultValue = "1000000",
            description = "Keep so many of the newest archived entries in Kafka (default: ${DEFAULT-VALUE}).")
    long keep;

    @Option(names = "--yes", description = "Delete. Kafka cannot undo it.")
    boolean yes;

    @Spec
    CommandSpec spec;

    private final SignatureChecker checker = new SignatureChecker(Providers.fast());

    /** @param sequencer the application whose state store has to cover what goes */
    private record Where(LogTopics topics, String sequencer, StoreSettings archive) {
        TopicPartition partition(String topic) {
            return new TopicPartition(topic, topics.partition());
        }
    }

    /**
     * What may go, as the archive says it.
     *
     * @param below the first entry that stays
     * @param known an entry that was checked, {@code below} or the one before it
     * @param hash of that one
     */
    private record Archived(SequenceNumber below, SequenceNumber known, Digest hash) {}

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        if (keep < 0) {
            throw CommandFailedException.usage("--keep is a number of entries, not " + keep);
        }
        PrintWriter out = spec.commandLine().getOut();
        Where where = where();
        ExecutorService checks =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try (ArchiveReader reader = ArchiveOption.open(where.archive())) {
            LogDeclaration log = new ArchivedLog(reader).declaration();
            long size = ArchivedEnd.read(log, reader, checker).checkpoint().size();
            long below = covered(where, Math.max(0, size - keep), out);
            out.println("the archive " + where.archive() + " of the log " + log.origin() + " holds " + size
                    + " entries; everything below entry " + below + " may go");
            if (below == 0) {
                out.println("nothing to trim");
                return ExitCode.OK;
            }
            Archived archived = verified(log, reader, below, Math.min(below, size - 1), checks);
            out.println("checked the archive up to entry " + archived.known() + ", as an archiver checks it");
            trim(where, deletions(where, archived), out);
            return ExitCode.OK;
        } catch (ArchiverStoppedException broken) {
            throw CommandFailedException.withExit(
                    ExitCode.VERIFICATION_FAILED,
                    "the archive does not hold together, so nothing is trimmed: " + broken.getMessage());
        } catch (ForeignRecordException | UndecidedTransactionException refused) {
            throw CommandFailedException.unavailable("nothing was deleted: " + refused.getMessage(), refused);
        } finally {
            checks.shutdownNow();
            out.flush();
        }
    }

    private Where where() throws CommandFailedException {
        try {
            Settings read = archive.over(settings.source()).settings();
            StoreSettings store = archive.in(read);
            LogTopics topics = LogTopics.from(read, archive.data());
            String sequencer = read.text("sequencer.application", SequencerConfig.APPLICATION);
            SettingsOption.leaveOutOfServices(read);
            read.done();
            return new Where(topics, sequencer, store);
        } catch (SettingsException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
    }

    /** Ids and heads of later entries are nowhere in Kafka but with them, and a sequencer that misses them does not start. */
    private static long covered(Where where, long below, PrintWriter out) {
        long stored = StoredUpTo.read(
                where.topics().kafka(), where.sequencer(), where.topics().partition(), Clock.systemUTC());
        if (stored < below) {
            out.println("the sequencer's state store covers the log up to entry " + stored
                    + " and not further yet: what comes after stays");
        }
        return Math.min(stored, below);
    }

    private Archived verified(LogDeclaration log, ArchiveReader reader, long below, long known, Executor checks)
            throws CommandFailedException, StoreException {
        ArchiveReplay replay = ArchiveReplay.ofAll(log, reader, checker, checks);
        try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr())) {
            while (true) {
                List<CheckedEntry> entries = replay.next();
                if (entries.isEmpty()) {
                    throw CommandFailedException.withExit(
                            ExitCode.VERIFICATION_FAILED,
                            "nothing is trimmed: no segment of the archive extends it at entry "
                                    + replay.state().head().size() + "; look with terraseal audit");
                }
                long first = entries.get(0).statement().sequence().value();
                if (replay.state().head().size() > known) {
                    Statement at = entries.get((int) (known - first)).statement();
                    return new Archived(new SequenceNumber(below), at.sequence(), at.entryHash());
                }
                bar.at("checking", first, known);
            }
        }
    }

    private static Map<TopicPartition, Long> deletions(Where where, Archived archived) throws CommandFailedException {
        Map<TopicPartition, Long> deletions = new LinkedHashMap<>();
        for (String topic : List.of(Topics.SEQUENCED, Topics.ATTESTATIONS)) {
            TopicPartition partition = where.partition(topic);
            try (TopicEnd end = TopicEnd.open(where.topics().kafka(), "terraseal-trim", partition, Clock.systemUTC())) {
                requireSame(where, partition, archived, find(end, partition, archived.known()));
                ConsumerRecord<byte[], byte[]> stays = find(end, partition, archived.below());
                deletions.put(partition, stays.offset());
                if (topic.equals(Topics.SEQUENCED)) {
                    // Below 0 the entry was taken up from an archive; Kafka reads -1 as "everything".
                    deletions.put(
                            where.partition(Topics.EVENTS),
                            Math.max(0, EntryHeaders.of(stays).source()));
                }
            }
        }
        return deletions;
    }

    private static ConsumerRecord<byte[], byte[]> find(TopicEnd end, TopicPartition partition, SequenceNumber sequence)
            throws CommandFailedException {
        return end.find(sequence)
                .orElseThrow(() -> CommandFailedException.unavailable(
                        partition + " has no entry " + sequence + ": it was trimmed before, or lags behind"));
    }

    /** The archive of another log holds nothing of what is on these topics. */
    private static void requireSame(
            Where where, TopicPartition partition, Archived archived, ConsumerRecord<byte[], byte[]> record)
            throws CommandFailedException {
        Digest there = EntryHeaders.of(record).entryHash();
        if (!there.equals(archived.hash())) {
            throw CommandFailedException.usage(partition + " is not the log whose archive is " + where.archive()
                    + ": its entry " + archived.known() + " has hash " + there + ", and the archive's "
                    + archived.hash()
                    + ". Nothing was deleted: give this log's own archive (--archive), or its kafka.bootstrap and"
                    + " log.partition");
        }
    }

    private void trim(Where where, Map<TopicPartition, Long> deletions, PrintWriter out)
            throws CommandFailedException, InterruptedException {
        deletions.forEach((partition, offset) -> out.println(partition + ": below offset " + offset));
        if (!yes) {
            out.println("nothing was deleted: give --yes to do it");
            return;
        }
        Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
        deletions.forEach((partition, offset) -> records.put(partition, RecordsToDelete.beforeOffset(offset)));
        try (Admin admin = where.topics().kafka().admin("terraseal-trim")) {
            admin.deleteRecords(records).all().get();
        } catch (ExecutionException refused) {
            throw CommandFailedException.unavailable("Kafka did not delete: " + refused.getMessage(), refused);
        }
        out.println("deleted");
    }
}
