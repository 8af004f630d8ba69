package dev.terraseal.witness;

import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.settings.Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a witness is told.
 *
 * @param state a directory of its own, which must never be put back from a copy
 * @param name under which it cosigns; one key to a name, for ever
 * @param listen port 0 takes a free one
 * @param logs the keys of the logs it cosigns for, by the name each key has; around a rotation a log has two
 */
public record WitnessConfig(Path state, String name, InetSocketAddress listen, List<VerifierKey> logs) {
    public static final int DEFAULT_PORT = 8490;

    public WitnessConfig {
        logs = List.copyOf(logs);
    }

    /** Reads {@code witness.state}, {@code witness.name}, {@code witness.logs}, {@code http.host} and {@code http.port}. */
    public static WitnessConfig from(Settings settings) {
        Path state = Path.of(settings.text("witness.state"));
        String name = settings.text("witness.name");
        List<VerifierKey> logs = logs(settings);
        String host = settings.text("http.host", "127.0.0.1");
        int port = settings.integer("http.port", DEFAULT_PORT, 0, 65_535);
        InetAddress address = InetAddress.getLoopbackAddress();
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            settings.problem("http.host", "is '" + host + "', which is no address of this machine");
        }
        return new WitnessConfig(state, name, new InetSocketAddress(address, port), logs);
    }

    private static List<VerifierKey> logs(Settings settings) {
        List<VerifierKey> keys = new ArrayList<>();
        for (String each : settings.text("witness.logs").split("[,\\s]+", -1)) {
            try {
                VerifierKey key = VerifierKey.parse(each);
                if (key.type().isCosignature()) {
                    settings.problem(
                            "witness.logs", "has '" + each + "', which is the key of a cosigner, not of a log");
                }
                keys.add(key);
            } catch (NoteException wrong) {
                settings.problem(
                        "witness.logs",
                        "is wrong: " + wrong.getMessage()
                                + "; write the log's verifier key, which terraseal trust show prints, or several separated by commas");
            }
        }
        return keys;
    }
}
