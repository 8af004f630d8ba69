package dev.terraseal.cli;

import dev.terraseal.cli.up.UpFile;
import dev.terraseal.run.client.LogServer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command asks; the token is {@code TERRASEAL_TOKEN}. */
public final class ServerOption {
    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The server (default: that of the data directory, else TERRASEAL_SERVER).")
    @Nullable String server;

    /** Empty where nothing names one. */
    public Optional<LogServer> known(ArchiveOption archive) throws CommandFailedException, IOException {
        Map<String, String> environment = System.getenv();
        String url = server;
        if (url == null && archive.readsDataDirectory()) {
            url = archive.data().up().map(UpFile::http).orElse(null);
        }
        boolean named =
                url != null || !environment.getOrDefault("TERRASEAL_SERVER", "").isEmpty();
        try {
            return named ? Optional.of(LogServer.of(url, environment)) : Optional.empty();
        } catch (IllegalArgumentException wrong) {
            throw CommandFailedException.usage("--server: " + wrong.getMessage());
        }
    }
}
