package dev.terraseal.cli;

import dev.terraseal.archiver.ArchivedEnd;
import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.cli.log.ArchivedLog;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.keys.Providers;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.store.ArchiveReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
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
            "The archive is read and checked up to there first; without --yes it only says what it would do."
        },
        footer = {
            "%nExample: terraseal topics trim --keep 1000000 --set kafka.bootstrap=broker:9092 --archive s3://bucket/log --yes"
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

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Where where = where();
        long size = archivedSize();
        long below = Math.max(0, size - keep);
        out.println("the archive holds " + size + " entries; everything below entry " + below + " may go");
        if (below == 0) {
            out.println("nothing to trim");
            return ExitCode.OK;
        }
        verify(below, out);
        Map<TopicPartition, RecordsToDelete> deletions = deletions(where, new SequenceNumber(below), out);
        if (!yes) {
            out.println("nothing was deleted: give --yes to do it");
            return ExitCode.OK;
        }
        try (Admin admin = where.kafka().admin("terraseal-trim")) {
            admin.deleteRecords(deletions).all().get();
        } catch (ExecutionException refused) {
            throw CommandFailedException.unavailable("Kafka did not delete: " + refused.getMessage(), refused);
        }
        out.println("deleted");
        out.flush();
        return ExitCode.OK;
    }

    private record Where(KafkaConnection kafka, int partition) {}

    private Where where() throws CommandFailedException {
        try {
            Settings read = settings.read();
            KafkaConnection kafka = KafkaConnection.from(read);
            int partition = read.integer("log.partition", 0, 0, 10_000);
            read.done();
            return new Where(kafka, partition);
        } catch (SettingsException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
    }

    private long archivedSize() throws CommandFailedException, IOException {
        try (ArchiveReader reader = archive.open()) {
            LogDeclaration log = new ArchivedLog(reader).declaration();
            return ArchivedEnd.read(log, reader, new SignatureChecker(Providers.fast()))
                    .checkpoint()
                    .size();
        } catch (ArchiverStoppedException broken) {
            throw CommandFailedException.withExit(
                    ExitCode.VERIFICATION_FAILED,
                    "the archive does not hold together, so nothing is trimmed: " + broken.getMessage());
        }
    }

    private void verify(long below, PrintWriter out) throws CommandFailedException, IOException {
        String[] broken = {""};
        long[] read = {0};
        try (ArchiveReader reader = archive.open()) {
            new ArchivedLog(reader).read(SequenceNumber.ZERO, entry -> {
                read[0]++;
                if (!entry.holds()) {
                    broken[0] = "entry " + entry.statement().sequence() + " " + entry.finding();
                }
                return broken[0].isEmpty() && read[0] < below;
            });
        }
        if (!broken[0].isEmpty() || read[0] < below) {
            throw CommandFailedException.withExit(
                    ExitCode.VERIFICATION_FAILED,
                    "nothing is trimmed: "
                            + (broken[0].isEmpty() ? "the archive ends at entry " + read[0] : broken[0]));
        }
        out.println("checked " + read[0] + " archived entries: dense, chained, signed");
    }

    private static Map<TopicPartition, RecordsToDelete> deletions(Where where, SequenceNumber below, PrintWriter out)
            throws CommandFailedException {
        Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
        for (String topic : new String[] {Topics.SEQUENCED, Topics.ATTESTATIONS}) {
            TopicPartition partition = new TopicPartition(topic, where.partition());
            long offset = offsetOf(where, partition, below);
            deletions.put(partition, RecordsToDelete.beforeOffset(offset));
            out.println(topic + ": below offset " + offset);
        }
        TopicPartition sequenced = new TopicPartition(Topics.SEQUENCED, where.partition());
        long source = sourceAt(where, sequenced, offsetOf(where, sequenced, below));
        deletions.put(new TopicPartition(Topics.EVENTS, where.partition()), RecordsToDelete.beforeOffset(source));
        out.println(Topics.EVENTS + ": below offset " + source);
        return deletions;
    }

    private static long offsetOf(Where where, TopicPartition partition, SequenceNumber sequence)
            throws CommandFailedException {
        try (TopicEnd end = TopicEnd.open(where.kafka(), "terraseal-trim", partition, Clock.systemUTC())) {
            return end.offsetOf(sequence)
                    .orElseThrow(() -> CommandFailedException.unavailable(
                            partition + " has no entry " + sequence + ": it was trimmed before, or lags behind"));
        }
    }

    private static long sourceAt(Where where, TopicPartition partition, long offset) throws CommandFailedException {
        try (Consumer<byte[], byte[]> consumer = where.kafka().consumer("terraseal-trim", partition)) {
            consumer.seek(partition, offset);
            for (int tries = 0; tries < 50; tries++) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(java.time.Duration.ofMillis(200))) {
                    // Below 0 the entry was taken up from an archive; Kafka reads -1 as "everything".
                    return Math.max(0, EntryHeaders.of(record).source());
                }
            }
        }
        throw CommandFailedException.unavailable(partition + " gave no record at offset " + offset + " within 10 s");
    }
}
