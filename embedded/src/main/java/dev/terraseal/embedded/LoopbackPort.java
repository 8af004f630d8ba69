package dev.terraseal.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Ports on 127.0.0.1. The broker ends the process when it cannot bind, so what it will bind is tried first, where the
 * failure can still be explained.
 */
final class LoopbackPort {
    static final String HOST = "127.0.0.1";

    private LoopbackPort() {}

    static boolean free(int port) {
        try (ServerSocket socket = open(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** A port nobody holds now, other than {@code reserved}. */
    static int any(int reserved) {
        for (int attempt = 0; attempt < 16; attempt++) {
            try (ServerSocket socket = open(0)) {
                if (socket.getLocalPort() != reserved) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new BrokerUnavailableException("no port is free on " + HOST + ": " + e.getMessage(), e);
            }
        }
        throw new BrokerUnavailableException("no port but " + reserved + " is free on " + HOST);
    }

    private static ServerSocket open(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            // As the broker binds: a port whose old connections still wind down is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 1);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
