package dev.terraseal.run.command;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.LogServer;
import dev.terraseal.run.client.Pause;
import dev.terraseal.run.client.ReceiptJudge;
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

    @Option(
            names = "--genesis",
            paramLabel = "HEX",
            description = {
                "the log whose receipts count: the SHA-256 of its log.json",
                "(default: TERRASEAL_GENESIS, else whatever log the receipt says it is of)"
            })
    private @Nullable String genesis;

    Duration patience() {
        return Duration.ofSeconds(Math.max(1, patience));
    }

    /** @throws IllegalArgumentException where the genesis is none */
    ReceiptJudge judge(Map<String, String> environment) {
        String hex = genesis == null ? environment.getOrDefault("TERRASEAL_GENESIS", "") : genesis;
        try {
            return new ReceiptJudge(hex.isEmpty() && genesis == null ? null : Digest.fromHex(hex));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "'" + hex + "' is no genesis: 64 lower-case hex digits, as `terraseal trust show` prints them",
                    malformed);
        }
    }

    /** @throws IllegalArgumentException where the URL is none */
    HttpLogClient client(Map<String, String> environment) {
        return new HttpLogClient(LogServer.of(server, environment), patience(), Pause.sleeping());
    }
}
