package dev.terraseal.cli;

import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.settings.SettingsSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a service's settings come from: a YAML file, then {@code TERRASEAL_…}, then {@code --set}. */
public final class SettingsOption {
    /** Variables with our prefix that are no service's settings. */
    private static final List<String> OTHERS = List.of(
            "NO_BUILD",
            "JAVA_OPTS",
            "LC_ALL",
            "HOME",
            "TOKEN",
            "SERVER",
            "GENESIS",
            "SPOOL",
            "REQUIRE",
            "VECTORS",
            "TEST_BROKER",
            "STREAM",
            "CONFIG",
            "PKCS11_PIN",
            "TEST_S3_ENDPOINT",
            "RESTART_DATA",
            "RESOURCES");

    /** The settings of all services: one file or environment may hold them for a whole deployment. */
    private static final String[] OF_SERVICES = {
        "archive",
        "archive.s3.endpoint",
        "archive.s3.path-style",
        "archive.s3.region",
        "archiver.checkpoint-interval",
        "archiver.key",
        "archiver.segment-bytes",
        "archiver.segment-entries",
        "archiver.witness-interval",
        "archiver.witnesses",
        "heartbeat",
        "http.host",
        "http.port",
        "http.tokens",
        "kafka.logs",
        "kafka.min-insync",
        "kafka.port",
        "kafka.replication",
        "keys.directory",
        "kms.endpoint",
        "kms.timeout",
        "log.declaration",
        "log.files",
        "log.key-events",
        "log.partition",
        "metrics.host",
        "metrics.port",
        "origin",
        "registry.password",
        "registry.url",
        "registry.user",
        "retention",
        "sequencer.application",
        "sequencer.commit-interval",
        "sequencer.floors",
        "sequencer.instance",
        "sequencer.state",
        "signer.batch-entries",
        "signer.batch-wait",
        "signer.calls",
        "signer.floor",
        "signer.key",
        "signer.quota",
        "signer.signing",
        "time.authorities",
        "time.interval",
        "time.roots",
        "time.timeout",
        "witness.genesis",
        "witness.logs",
        "witness.name",
        "witness.state"
    };

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "YAML file of settings. The environment (TERRASEAL_KAFKA_BOOTSTRAP is kafka.bootstrap) and --set win over it.")
    @Nullable Path file;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "One setting; may be repeated.")
    Map<String, String> set = new LinkedHashMap<>();

    public Settings read() throws SettingsException {
        return source().settings();
    }

    /** For a command whose own options win over all of it. */
    public SettingsSource source() throws SettingsException {
        return over(new SettingsSource());
    }

    /** The same, over what stands where nothing else does. */
    public SettingsSource over(SettingsSource source) throws SettingsException {
        if (file != null) {
            source.file(file);
        }
        source.environment(System.getenv(), OTHERS);
        set.forEach(source::set);
        return source;
    }

    /** What a service is configured with and this command is not asked about; a name nobody knows is still refused. */
    public static void leaveOutOfServices(Settings settings) {
        settings.leaveOut(OF_SERVICES);
    }
}
