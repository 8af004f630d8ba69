package dev.terraseal.cli;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.witness.WitnessConfig;
import dev.terraseal.witness.WitnessService;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal witness}: what an auditor runs on a machine of their own. */
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        description = {
            "Cosigns the checkpoints of logs (C2SP tlog-witness), each only if it continues the last one it cosigned; keeps the",
            "proof where a log shows it two histories (terraseal verify --split-view). Run it where the log's operator has no",
            "say. An empty state directory gets a key; it must never be put back from a copy.",
            "With an archive it is a monitor: it reads every statement and derives all of it again before it cosigns, and goes",
            "on where it was."
        },
        footer = {
            "%nSettings: witness.state (a directory of its own), witness.name, witness.logs (verifier keys, separated by commas),",
            "  http.host (127.0.0.1), http.port (8490); for a monitor archive, archive.s3.*, witness.genesis.",
            "Example: terraseal witness --set witness.state=/var/lib/witness --set witness.name=auditor.example/w1 \\",
            "           --set witness.logs=acme.example/log+1a2b3c4d+AY…"
        })
public final class WitnessCommand extends ServiceCommand {
    @Option(names = "--json", description = "The ready line as {http, name, ready, vkey}")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    AutoCloseable start(Settings settings, Consumer<FatalError> onFatal)
            throws SettingsException, IOException, KeyUnavailableException, CommandFailedException {
        WitnessConfig config = WitnessConfig.from(settings);
        settings.done();
        WitnessService service;
        try {
            service = WitnessService.start(config, new SecureRandom(), Clock.systemUTC());
        } catch (IllegalArgumentException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
        say(service);
        return service;
    }

    private void say(WitnessService service) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.obj()
                    .put("http", service.place().toString())
                    .put("name", service.key().name())
                    .put("ready", true)
                    .put("vkey", service.key().text())
                    .build()
                    .bytes()
                    .utf8());
        } else {
            out.println(service.key().name() + " takes checkpoints at " + service.place());
            out.println("For the policy of a log and for trust files:");
            out.println("  witness w1 " + service.key().text() + " " + service.place());
        }
        out.flush();
    }
}
