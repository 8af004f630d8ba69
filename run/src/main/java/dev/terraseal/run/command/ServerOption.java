package dev.terraseal.run.command;

import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.LogServer;
import dev.terraseal.run.client.Pause;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the pipeline is and how long to try. */
final class ServerOption {
    @Option(
            names = "--server",
            paramLabel = "URL",
            description = {
                "the pipeline (default: TERRASEAL_SERVER, else " + LogServer.DEFAULT + ");",
                "a bearer token comes from TERRASEAL_TOKEN"
            })
    private @Nullable String server;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "how long to try before giving up (default: ${DEFAULT-VALUE})")
    private int patience;

    Duration patience() {
        return Duration.ofSeconds(Math.max(1, patience));
    }

    /** @throws IllegalArgumentException where the URL is none */
    HttpLogClient client(Map<String, String> environment) {
        return new HttpLogClient(LogServer.of(server, environment), patience(), Pause.sleeping());
    }
}
