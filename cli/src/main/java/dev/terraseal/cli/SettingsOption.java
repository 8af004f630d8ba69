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
            "PKCS11_PIN");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "YAML file of settings. The environment (TERRASEAL_KAFKA_BOOTSTRAP is kafka.bootstrap) and --set win over it.")
    @Nullable Path file;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "One setting; may be repeated.")
    Map<String, String> set = new LinkedHashMap<>();

    public Settings read() throws SettingsException {
        SettingsSource source = new SettingsSource();
        if (file != null) {
            source.file(file);
        }
        source.environment(System.getenv(), OTHERS);
        set.forEach(source::set);
        return source.settings();
    }
}
