package dev.terraseal.run.real;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Terraform's http backend over one byte array. */
final class StateServer implements AutoCloseable {
    private final HttpServer http;
    private byte[] state = new byte[0];

    StateServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/state", this::handle);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/state";
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestMethod().equals("POST")) {
                state = body;
                exchange.sendResponseHeaders(200, -1);
            } else if (state.length == 0) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                exchange.sendResponseHeaders(200, state.length);
                exchange.getResponseBody().write(state);
            }
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
