package dev.terraseal.cli;

import dev.terraseal.archiver.ArchiveLocks;
import dev.terraseal.archiver.time.TimeSettings;
import dev.terraseal.archiver.witness.WitnessException;
import dev.terraseal.archiver.witness.WitnessProbe;
import dev.terraseal.archiver.witness.WitnessSettings;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicFinding;
import dev.terraseal.kafka.Topics;
import dev.terraseal.keys.Providers;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.store.Stored;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
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
            "the archiver's start refuses them), whether a topic could lose evidence, whether the witnesses of a policy",
            "answer with their keys, and whether the time authorities give tokens, which also says how far this machine's clock is away. What is not configured is not looked at."
                    + " Exit code 0: all is well; 2: something is to be mended; 3: something could not be reached."
        },
        footer = {
            "%nSettings: archive, archive.s3.endpoint, archive.s3.region, archive.s3.path-style, kafka.bootstrap, kafka.client.*,",
            "  kafka.logs (1), kafka.replication (3), kafka.min-insync (2), archiver.witnesses (a policy file),",
            "  time.authorities, time.roots, time.timeout (10s).",
            "Examples:",
            "  terraseal doctor --set archive=s3://acme-evidence/prod",
            "  terraseal doctor --config /etc/terraseal/archiver.yaml --json"
        })
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    SettingsOption option = new SettingsOption();

    @Option(names = "--json", description = "{checks[{check, ok, message}], code}")
    boolean json;

    @Spec
    CommandSpec spec;

    private final List<Check> checks = new ArrayList<>();

    /** One thing looked at. */
    private record Check(String name, int code, String message) {
        boolean ok() {
            return code == ExitCode.OK;
        }
    }

    @Override
    public Integer call() throws CommandFailedException {
        try {
            Settings settings = option.read();
            boolean kafka = settings.optional(KafkaConnection.BOOTSTRAP).isPresent();
            boolean archive = settings.optional("archive").isPresent();
            TimeSettings time = TimeSettings.from(settings);
            if (!kafka && !archive && time.authorities().isEmpty()) {
                throw CommandFailedException.usage(
                        "nothing to look at: give --set archive=…, --set kafka.bootstrap=… or --set time.authorities=…,"
                                + " or the --config of a service");
            }
            well(
                    "p256",
                    Providers.nativeP256()
                            .map(provider -> "native code, by " + provider.getName())
                            .orElse("no native code here: Bouncy Castle, which takes two to five times as long"));
            StoreSettings store = archive ? StoreSettings.from(settings) : null;
            if (store != null) {
                lookAtArchive(store);
            }
            if (kafka) {
                lookAtTopics(settings);
            }
            new TimeCheck(time, this::well, this::wrong).look();
            Optional<WitnessSettings> witnesses = WitnessSettings.from(settings);
            if (witnesses.isPresent()) {
                lookAtWitnesses(witnesses.get(), store);
            }
        } catch (SettingsException | IllegalArgumentException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
        int code = checks.stream().mapToInt(Check::code).max().orElse(ExitCode.OK);
        say(code);
        return code;
    }

    private void lookAtArchive(StoreSettings settings) {
        try (ArchiveStore store = settings.open()) {
            well("archive", settings + ": immutability " + store.immutability());
            lookAtLog(store);
        } catch (StoreException refused) {
            wrong("archive", refused.retryable() ? ExitCode.UNAVAILABLE : ExitCode.USAGE, refused);
        }
    }

    private void lookAtLog(ArchiveReader store) throws StoreException {
        Optional<Stored> declaration = store.read(ArchiveNames.LOG, DoctorCommand::isDeclaration);
        if (declaration.isEmpty()) {
            well("log", "the archive holds no log yet");
            return;
        }
        LogDeclaration log = LogDeclaration.parse(declaration.get().content());
        Optional<String> fault = new ArchiveLocks(store, log, InstantSource.system()).fault();
        if (fault.isPresent()) {
            wrong("log", ExitCode.USAGE, fault.get());
        } else {
            well(
                    "log",
                    log.origin() + ", genesis " + log.genesis() + ", promises "
                            + log.retention().toDays() + " days");
        }
    }

    /** They are asked about the archive's log, so without an archive there is nothing to ask. */
    private void lookAtWitnesses(WitnessSettings witnesses, @Nullable StoreSettings archive) {
        if (archive == null) {
            wrong("witnesses", ExitCode.USAGE, "give archive as well: witnesses are asked about the log in it");
            return;
        }
        WitnessProbe probe = new WitnessProbe(new SignatureChecker(Providers.fast()));
        try (ArchiveStore store = archive.open()) {
            Optional<Stored> declaration = store.read(ArchiveNames.LOG, DoctorCommand::isDeclaration);
            if (declaration.isEmpty()) {
                return;
            }
            LogDeclaration log = LogDeclaration.parse(declaration.get().content());
            for (WitnessSettings.Witness witness : witnesses.witnesses()) {
                try {
                    well("witness", probe.look(witness, log.origin()));
                } catch (WitnessException failed) {
                    wrong("witness", failed.isRefusal() ? ExitCode.USAGE : ExitCode.UNAVAILABLE, failed);
                }
            }
        } catch (StoreException said) {
            // The archive's own check says what is wrong with it.
            wrong("witnesses", ExitCode.UNAVAILABLE, said);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isDeclaration(dev.terraseal.core.bytes.Bytes content) {
        try {
            return !LogDeclaration.parse(content).keys().isEmpty();
        } catch (IllegalArgumentException planted) {
            return false;
        }
    }

    private void lookAtTopics(Settings settings) {
        String bootstrap = settings.text(KafkaConnection.BOOTSTRAP);
        int logs = settings.integer("kafka.logs", 1, 1, 1000);
        int replication = settings.integer("kafka.replication", 3, 1, 15);
        int minInsync = settings.integer("kafka.min-insync", 2, 1, replication);
        KafkaConnection kafka = new KafkaConnection(bootstrap, settings.below(KafkaConnection.PREFIX));
        try (Admin admin = kafka.admin("terraseal-doctor")) {
            List<TopicFinding> findings = new TopicAdmin(admin).check(new Topics(logs, replication, minInsync, false));
            findings.forEach(finding -> wrong("topics", ExitCode.USAGE, finding.toString()));
            if (findings.isEmpty()) {
                well("topics", "all are as evidence needs them");
            }
        } catch (KafkaUnavailableException | KafkaException silent) {
            wrong("topics", ExitCode.UNAVAILABLE, silent);
        }
    }

    private void well(String check, String message) {
        checks.add(new Check(check, ExitCode.OK, message));
    }

    private void wrong(String check, int code, String message) {
        checks.add(new Check(check, code, message));
    }

    private void wrong(String check, int code, Exception failure) {
        checks.add(new Check(check, code, String.valueOf(failure.getMessage())));
    }

    private void say(int code) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            List<Json> all = new ArrayList<>();
            for (Check check : checks) {
                all.add(Json.obj()
                        .put("check", check.name())
                        .put("message", check.message())
                        .put("ok", check.ok())
                        .build());
            }
            out.println(Json.obj()
                    .put("checks", Json.arr(all))
                    .put("code", code)
                    .build()
                    .bytes()
                    .utf8());
        } else {
            for (Check check : checks) {
                out.println((check.ok() ? "ok     " : "MEND   ") + check.name() + ": " + check.message());
            }
        }
        out.flush();
    }
}
