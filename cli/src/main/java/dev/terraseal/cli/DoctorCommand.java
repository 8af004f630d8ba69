package dev.terraseal.cli;

import dev.terraseal.archiver.time.TimeSettings;
import dev.terraseal.archiver.witness.WitnessSettings;
import dev.terraseal.cli.doctor.KeyCheck;
import dev.terraseal.cli.doctor.Report;
import dev.terraseal.cli.doctor.StoreCheck;
import dev.terraseal.cli.doctor.TimeCheck;
import dev.terraseal.cli.doctor.TopicsCheck;
import dev.terraseal.cli.doctor.WitnessCheck;
import dev.terraseal.keys.Providers;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.store.StoreSettings;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at what a log is configured to use, before it is used, and says how to mend what is wrong: whether the",
            "bucket locks (no Object Lock, a default retention, GOVERNANCE mode and too short a retention are refused, as",
            "the archiver's start refuses them) and what these credentials may do there; whether a topic could lose evidence;",
            "whether the witnesses of a policy answer with their keys; whether the time authorities give tokens; whether key",
            "files are closed to others, whether keys are those the log names for its next entry, and their state at KMS; and",
            "how far this machine's clock is from that of each of these. Nothing is written and nothing is signed: what only",
            "that would show is said to be not tried. What is not configured is not looked at.",
            "Exit code 0: all is well; 2: something is to be mended; 3: something could not be reached."
        },
        footer = {
            "%nSettings: archive, archive.s3.endpoint, archive.s3.region, archive.s3.path-style, kafka.bootstrap, kafka.client.*,",
            "  kafka.logs (1), kafka.replication (3), kafka.min-insync (2), archiver.witnesses (a policy file),",
            "  time.authorities, time.roots, time.timeout (10s); for keys: log.declaration (log.json), keys.directory,",
            "  signer.key, archiver.key, log.key-events, kms.endpoint, kms.timeout (5s).",
            "Examples:",
            "  terraseal doctor --set archive=s3://acme-evidence/prod",
            "  terraseal doctor --set keys.directory=/etc/terraseal/keys --set log.declaration=/etc/terraseal/log.json",
            "  terraseal doctor --config /etc/terraseal/archiver.yaml --json"
        })
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    SettingsOption option = new SettingsOption();

    @Option(names = "--json", description = "{checks[{check, message, ok, tried}], code}")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException {
        Report report = new Report();
        try {
            look(option.read(), report);
        } catch (SettingsException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(report.json().bytes().utf8());
        } else {
            report.lines().forEach(out::println);
        }
        out.flush();
        return report.code();
    }

    private static void look(Settings settings, Report report) throws CommandFailedException {
        InstantSource clock = InstantSource.system();
        StoreSettings store = settings.optional("archive").isPresent() ? StoreSettings.from(settings) : null;
        Optional<TopicsCheck.Wanted> topics = TopicsCheck.Wanted.from(settings);
        TimeSettings time = TimeSettings.from(settings);
        Optional<WitnessSettings> witnesses = WitnessSettings.from(settings);
        Optional<KeyCheck.Wanted> keys = KeyCheck.Wanted.from(settings);
        if (!areWell(settings, report)) {
            return;
        }
        if (store == null
                && topics.isEmpty()
                && keys.isEmpty()
                && witnesses.isEmpty()
                && time.authorities().isEmpty()) {
            throw CommandFailedException.usage(
                    "nothing to look at: give --set archive=…, --set kafka.bootstrap=…, --set keys.directory=…, --set"
                            + " archiver.witnesses=… or --set time.authorities=…, or the --config of a service");
        }
        report.well(
                "p256",
                Providers.nativeP256()
                        .map(provider -> "native code, by " + provider.getName())
                        .orElse("no native code here: Bouncy Castle, which takes two to five times as long"));
        if (store != null) {
            new StoreCheck(report, clock).look(store);
        }
        topics.ifPresent(new TopicsCheck(report, clock)::look);
        new TimeCheck(time, report, clock).look();
        if (witnesses.isPresent()) {
            new WitnessCheck(report).look(witnesses.get(), store);
        }
        if (keys.isPresent()) {
            new KeyCheck(report, keys.get(), System.getProperty("user.name")).look(store);
        }
    }

    /** Where a setting is wrong nothing is looked at: a default in its place would be something else. */
    private static boolean areWell(Settings settings, Report report) {
        List<String> problems = settings.problems();
        problems.forEach(problem -> report.mend("settings", problem));
        if (!settings.unread().isEmpty()) {
            report.notTried(
                    "settings",
                    "those that only the start of a service reads, or nobody, for they are misspelt: "
                            + String.join(", ", settings.unread()));
        }
        return problems.isEmpty();
    }
}
