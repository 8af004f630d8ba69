package dev.terraseal.ingest;

import dev.terraseal.settings.Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How ingest listens and whom it lets in.
 *
 * @param listen where to listen; port 0 takes a free one
 * @param tokens bearer tokens, see {@link Tokens}; without them only a loopback address is served
 */
public record IngestConfig(InetSocketAddress listen, Optional<Path> tokens) {
    public static final int DEFAULT_PORT = 8480;

    /** Reads {@code http.host}, {@code http.port} and {@code http.tokens}. */
    public static IngestConfig from(Settings settings) {
        String host = settings.text("http.host", "127.0.0.1");
        int port = settings.integer("http.port", DEFAULT_PORT, 0, 65_535);
        Optional<Path> tokens = settings.path("http.tokens");
        InetAddress address = InetAddress.getLoopbackAddress();
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            settings.problem("http.host", "is '" + host + "', which is no address of this machine");
        }
        if (!address.isLoopbackAddress() && tokens.isEmpty()) {
            settings.problem(
                    "http.host",
                    "is '" + host
                            + "', which others can reach, and no authentication is configured: set http.tokens to a"
                            + " file of bearer tokens, or listen on 127.0.0.1");
        }
        return new IngestConfig(new InetSocketAddress(address, port), tokens);
    }
}
