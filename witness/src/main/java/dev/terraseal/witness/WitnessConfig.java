package dev.terraseal.witness;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.settings.Settings;
import dev.terraseal.store.StoreSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a witness is told.
 *
 * @param state a directory of its own, which must never be put back from a copy
 * @param name under which it cosigns; one key to a name, for ever
 * @param listen port 0 takes a free one
 * @param monitored whose statements are read before anything is cosigned; null where hashes are enough
 * @param logs the keys of the logs it cosigns for, by the name each key has; around a rotation a log has two
 */
public record WitnessConfig(
        Path state,
        String name,
        InetSocketAddress listen,
        List<VerifierKey> logs,
        @Nullable Monitored monitored) {
    public static final int DEFAULT_PORT = 8490;

    public WitnessConfig {
        logs = List.copyOf(logs);
    }

    /** The one log of a monitor: where its archive is, and its genesis. */
    public record Monitored(StoreSettings archive, Digest genesis) {}

    /**
     * Reads {@code witness.state}, {@code witness.name}, {@code witness.logs}, {@code http.host} and {@code http.port}; and for a
     * monitor {@code archive}, what belongs to it, and {@code witness.genesis}.
     */
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
        return new WitnessConfig(state, name, new InetSocketAddress(address, port), logs, monitored(settings, logs));
    }

    private static @Nullable Monitored monitored(Settings settings, List<VerifierKey> logs) {
        if (settings.optional("archive").isEmpty()) {
            return null;
        }
        StoreSettings archive = StoreSettings.from(settings);
        if (logs.stream().map(VerifierKey::name).distinct().count() > 1) {
            settings.problem("witness.logs", "names several logs, and a monitor reads the archive of one");
        }
        try {
            return new Monitored(archive, Digest.fromHex(settings.text("witness.genesis")));
        } catch (IllegalArgumentException wrong) {
            settings.problem("witness.genesis", "is 64 hex digits: " + wrong.getMessage());
            return null;
        }
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
