package dev.terraseal.cli;

import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicFinding;
import dev.terraseal.kafka.Topics;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code terraseal topics}. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Create the topics of a deployment, and check that none can lose evidence.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"%nExample: terraseal topics check --set kafka.bootstrap=broker:9092"},
        subcommands = {TopicsCommand.Create.class, TopicsCommand.Check.class, TopicsTrimCommand.class})
public final class TopicsCommand {

    /** Creates what is missing; never changes what is there. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description =
                    "Creates the topics that are missing, with the settings evidence needs, then checks all of them.",
            footer = {
                "%nSettings: kafka.bootstrap, kafka.client.*, kafka.logs (1), kafka.replication (3), kafka.min-insync (2).",
                "Example: terraseal topics create --set kafka.bootstrap=broker:9092"
            })
    public static final class Create implements Callable<Integer> {
        @Mixin
        SettingsOption settings = new SettingsOption();

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() throws CommandFailedException {
            PrintWriter out = spec.commandLine().getOut();
            Wanted wanted = Wanted.read(settings);
            try (Admin admin = wanted.kafka().admin("terraseal-topics")) {
                TopicAdmin topics = new TopicAdmin(admin);
                List<String> created = topics.create(wanted.topics().specs());
                created.forEach(name -> out.println("created " + name));
                return report(topics.check(wanted.topics()), out);
            }
        }
    }

    /** Looks for what could lose evidence. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Checks the topics for settings that could lose evidence.",
            footer = {"%nExample: terraseal topics check --set kafka.bootstrap=broker:9092"})
    public static final class Check implements Callable<Integer> {
        @Mixin
        SettingsOption settings = new SettingsOption();

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() throws CommandFailedException {
            Wanted wanted = Wanted.read(settings);
            try (Admin admin = wanted.kafka().admin("terraseal-topics")) {
                return report(
                        new TopicAdmin(admin).check(wanted.topics()),
                        spec.commandLine().getOut());
            }
        }
    }

    private static int report(List<TopicFinding> findings, PrintWriter out) {
        findings.forEach(finding -> out.println(finding.text()));
        out.println(findings.isEmpty() ? "all topics are as evidence needs them" : findings.size() + " finding(s)");
        out.flush();
        return findings.isEmpty() ? ExitCode.OK : ExitCode.USAGE;
    }

    private record Wanted(KafkaConnection kafka, Topics topics) {
        static Wanted read(SettingsOption option) throws CommandFailedException {
            try {
                Settings settings = option.read();
                KafkaConnection kafka = KafkaConnection.from(settings);
                Topics topics = Topics.from(settings);
                SettingsOption.leaveOutOfServices(settings);
                settings.done();
                return new Wanted(kafka, topics);
            } catch (SettingsException wrong) {
                throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
            }
        }
    }
}
