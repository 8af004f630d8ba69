package dev.terraseal.witness;

import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.Providers;
import dev.terraseal.witness.monitor.ReadsEverything;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A witness: its memory, its logs, and the server in front of them. */
public final class WitnessService implements AutoCloseable {
    private final StateDirectory state;
    private final WitnessServer server;
    private final VerifierKey key;
    private final @Nullable ReadsEverything monitor;

    private WitnessService(
            StateDirectory state, WitnessServer server, VerifierKey key, @Nullable ReadsEverything monitor) {
        this.monitor = monitor;
        this.state = state;
        this.server = server;
        this.key = key;
    }

    /** Takes the state directory and begins to listen. */
    public static WitnessService start(WitnessConfig config, SecureRandom random, InstantSource clock)
            throws IOException, KeyUnavailableException {
        WitnessConfig.Monitored monitored = config.monitored();
        KeyUse use = monitored == null ? KeyUse.WITNESS : KeyUse.MONITOR;
        StateDirectory state = StateDirectory.open(config.state(), config.name(), use, random);
        ReadsEverything monitor = null;
        try {
            SignatureChecker checker = new SignatureChecker(Providers.fast());
            if (monitored != null) {
                monitor = ReadsEverything.of(
                        monitored.archive().openForReading(),
                        monitored.genesis(),
                        checker,
                        state.root().resolve("monitor"));
            }
            WitnessedLog.Witnessing with =
                    new WitnessedLog.Witnessing(state, config.name(), state.signer(), checker, clock);
            WitnessServer server =
                    new WitnessServer(config.listen(), logs(config, with, monitor == null ? Condition.NONE : monitor));
            server.start();
            return new WitnessService(state, server, with.key(), monitor);
        } catch (IOException | RuntimeException failed) {
            if (monitor != null) {
                monitor.close();
            }
            state.close();
            throw failed;
        }
    }

    private static List<WitnessedLog> logs(WitnessConfig config, WitnessedLog.Witnessing with, Condition condition)
            throws IOException {
        Map<String, List<VerifierKey>> keys = new LinkedHashMap<>();
        config.logs()
                .forEach(each -> keys.computeIfAbsent(each.name(), any -> new ArrayList<>())
                        .add(each));
        List<WitnessedLog> logs = new ArrayList<>();
        for (Map.Entry<String, List<VerifierKey>> each : keys.entrySet()) {
            logs.add(new WitnessedLog(each.getKey(), each.getValue(), with, condition));
        }
        return logs;
    }

    /** What policies and trust files name it by. */
    public VerifierKey key() {
        return key;
    }

    /** Where logs reach it, on this machine. */
    public URI place() {
        String host = server.address().getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + server.address().getPort());
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (monitor != null) {
            monitor.close();
        }
        state.close();
    }
}
