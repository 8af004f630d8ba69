package dev.terraseal.cli.log;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.DataOption;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.cli.LogTopics;
import dev.terraseal.cli.SettingsOption;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.RejectedRecord;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.settings.SettingsSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code terraseal rejected}: what is not in the log, why, and its bytes. */
@Command(
        name = "rejected",
        mixinStandardHelpOptions = true,
        description = "What is not in the log, and why.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nSettings: kafka.bootstrap, kafka.client.*, kafka.logs (1), log.partition (0); without kafka.bootstrap it is the",
            "Kafka of the data directory's server.",
            "Examples:",
            "  terraseal rejected list",
            "  terraseal rejected show 3 --config /etc/terraseal/sequencer.yaml --out event.bin"
        },
        subcommands = {RejectedCommand.ListRejected.class, RejectedCommand.Show.class, RejectedCommand.Resubmit.class})
public final class RejectedCommand {

    /** One line a rejection. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "One line a rejection: its number, when, the reason, the message.",
            footer = {"%nExample: terraseal rejected list"})
    public static final class ListRejected implements Callable<Integer> {
        @Mixin
        Where where = new Where();

        @Option(names = "--json", description = "A JSON line a rejection.")
        boolean json;

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() throws CommandFailedException, IOException {
            PrintWriter out = spec.commandLine().getOut();
            try (TopicEnd end = where.topic().open()) {
                end.readFrom(0, record -> {
                    RejectedRecord rejected = RejectedRecord.decode(record.value());
                    out.println(json ? asJson(record, rejected) : line(record, rejected));
                });
            }
            out.flush();
            return ExitCode.OK;
        }

        private static String line(ConsumerRecord<byte[], byte[]> record, RejectedRecord rejected) {
            return String.format(
                    "%6d  %s  %-24s %s",
                    record.offset(),
                    Instant.ofEpochMilli(record.timestamp()),
                    rejected.reason(),
                    EntryText.plain(rejected.message()));
        }

        private static String asJson(ConsumerRecord<byte[], byte[]> record, RejectedRecord rejected) {
            return Json.obj()
                    .put("message", rejected.message())
                    .put("number", record.offset())
                    .put("originalLength", rejected.originalLength())
                    .put("originalSha256", rejected.originalSha256())
                    .put("reason", rejected.reason())
                    .put("sourceOffset", rejected.sourceOffset())
                    .put("whole", rejected.isWhole())
                    .build()
                    .bytes()
                    .utf8();
        }
    }

    /** One rejection, and its bytes. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "One rejection; with --out its original bytes go to a file.",
            footer = {"%nExample: terraseal rejected show 3 --out event.bin"})
    public static final class Show implements Callable<Integer> {
        @Mixin
        Where where = new Where();

        @Parameters(paramLabel = "NUMBER", description = "As rejected list says it.")
        long number;

        @Option(
                names = "--out",
                paramLabel = "FILE",
                description = "Write the original bytes there; it must not exist.")
        @Nullable Path out;

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() throws CommandFailedException, IOException {
            PrintWriter text = spec.commandLine().getOut();
            RejectedRecord rejected = where.topic().one(number);
            text.println("reason   " + rejected.reason());
            text.println("message  " + EntryText.plain(rejected.message()));
            text.println("source   " + Topics.EVENTS + " offset " + rejected.sourceOffset());
            text.println("original " + rejected.originalLength() + " bytes, SHA-256 " + rejected.originalSha256()
                    + (rejected.isWhole() ? "" : " (only part of it was kept)"));
            Bytes original = rejected.original();
            if (out != null && original != null) {
                try {
                    Files.write(out, original.toByteArray(), StandardOpenOption.CREATE_NEW);
                } catch (java.nio.file.FileAlreadyExistsException there) {
                    throw CommandFailedException.usage(out + " exists; nothing was overwritten");
                }
                text.println("wrote    " + out);
            }
            text.flush();
            return ExitCode.OK;
        }
    }

    /** Sends the original bytes again. */
    @Command(
            name = "resubmit",
            mixinStandardHelpOptions = true,
            description = {
                "Sends a rejection's original bytes to the log again: for when the reason is gone (a schema is registered now).",
                "The same bytes with the same reason are rejected again."
            },
            footer = {"%nExample: terraseal rejected resubmit 3"})
    public static final class Resubmit implements Callable<Integer> {
        @Mixin
        Where where = new Where();

        @Parameters(paramLabel = "NUMBER", description = "As rejected list says it.")
        long number;

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() throws CommandFailedException, IOException, InterruptedException {
            RejectedTopic topic = where.topic();
            RejectedRecord rejected = topic.one(number);
            Bytes original = rejected.original();
            if (original == null || !rejected.isWhole()) {
                throw CommandFailedException.usage("rejection " + number + " kept only part of its "
                        + rejected.originalLength() + " bytes; submit the event again from where it came from");
            }
            Bytes key = rejected.key();
            try (Producer<byte[], byte[]> producer = topic.log().kafka().producer("terraseal-resubmit")) {
                long offset = producer.send(new ProducerRecord<>(
                                Topics.EVENTS,
                                topic.log().partition(),
                                key == null ? null : key.toByteArray(),
                                original.toByteArray()))
                        .get(15, TimeUnit.SECONDS)
                        .offset();
                spec.commandLine()
                        .getOut()
                        .println("sent again as " + Topics.EVENTS + " offset " + offset
                                + "; terraseal rejected list shows it again if the reason is still there");
                return ExitCode.OK;
            } catch (ExecutionException | TimeoutException notConfirmed) {
                throw CommandFailedException.unavailable(
                        "Kafka did not confirm it: " + notConfirmed.getMessage(), notConfirmed);
            }
        }
    }

    /** Which Kafka: given, or that of the data directory's server. */
    static final class Where {
        @Mixin
        SettingsOption settings = new SettingsOption();

        @Mixin
        DataOption data = new DataOption();

        @Option(
                names = "--kafka",
                paramLabel = "HOST:PORT",
                description = "Kafka, as --set kafka.bootstrap (default: that of the data directory's server).")
        @Nullable String bootstrap;

        @Option(names = "--partition", description = "The log's partition (default: log.partition, 0).")
        @Nullable Integer partition;

        RejectedTopic topic() throws CommandFailedException {
            try {
                SettingsSource source = settings.source();
                if (bootstrap != null) {
                    source.set(KafkaConnection.BOOTSTRAP, bootstrap);
                }
                Settings read = source.settings();
                LogTopics log = LogTopics.from(read, data);
                SettingsOption.leaveOutOfServices(read);
                read.done();
                return new RejectedTopic(partition == null ? log : new LogTopics(log.kafka(), partition));
            } catch (SettingsException wrong) {
                throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
            }
        }
    }

    /** The rejections of one log. Each may have half a MiB, so that no more than one fetch of them is in memory. */
    record RejectedTopic(LogTopics log) {
        TopicEnd open() {
            TopicPartition rejected = new TopicPartition(Topics.REJECTED, log.partition());
            return TopicEnd.open(log.kafka(), "terraseal-rejected", rejected, Clock.systemUTC());
        }

        RejectedRecord one(long number) throws CommandFailedException {
            List<RejectedRecord> found = new ArrayList<>();
            try (TopicEnd end = open()) {
                end.readRange(number, number + 1, record -> found.add(RejectedRecord.decode(record.value())));
            }
            if (found.isEmpty()) {
                throw CommandFailedException.usage(
                        "there is no rejection " + number + "; terraseal rejected list shows them");
            }
            return found.get(0);
        }
    }
}
