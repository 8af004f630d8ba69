package dev.terraseal.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.terraseal.ingest.Metrics;
import dev.terraseal.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /metrics} and {@code /healthz} of a service that runs alone and speaks no HTTP otherwise. Only reads, one thread.
 *
 * @param listen null where no port is set
 */
record MetricsPort(@Nullable InetSocketAddress listen) {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPort.class);

    /** Reads {@code metrics.port} (0 takes a free one) and {@code metrics.host}. */
    static MetricsPort from(Settings settings) {
        String host = settings.text("metrics.host", "127.0.0.1");
        boolean wanted = settings.optional("metrics.port").isPresent();
        int port = wanted ? settings.integer("metrics.port", 0, 0, 65_535) : 0;
        return new MetricsPort(wanted ? new InetSocketAddress(host, port) : null);
    }

    /** Serves what {@code gauges} say of a service that runs; closing the answer ends both. */
    <T extends AutoCloseable> AutoCloseable beside(T service, BiConsumer<T, Metrics> gauges) throws IOException {
        if (listen == null) {
            return service;
        }
        HttpServer server;
        try {
            server = HttpServer.create(listen, 16);
        } catch (IOException taken) {
            closeQuietly(service);
            throw new IOException("metrics.port: " + listen + ": " + taken.getMessage(), taken);
        }
        Metrics metrics = new Metrics();
        gauges.accept(service, metrics);
        ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "terraseal-metrics");
            made.setDaemon(true);
            return made;
        });
        server.setExecutor(thread);
        server.createContext("/metrics", exchange -> answer(exchange, "/metrics", metrics::text));
        server.createContext("/healthz", exchange -> answer(exchange, "/healthz", () -> "ok\n"));
        server.start();
        LOG.info(
                "event=metrics address={}:{}",
                server.getAddress().getHostString(),
                server.getAddress().getPort());
        return () -> {
            server.stop(0);
            thread.shutdownNow();
            service.close();
        };
    }

    private static void answer(HttpExchange exchange, String path, Supplier<String> text) throws IOException {
        try (exchange) {
            boolean reads = exchange.getRequestMethod().equals("GET");
            boolean here = exchange.getRequestURI().getPath().equals(path);
            if (!reads || !here) {
                exchange.sendResponseHeaders(here ? 405 : 404, -1);
                return;
            }
            byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void closeQuietly(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception failed) {
            LOG.warn("event=close-failed reason=\"{}\"", failed.toString());
        }
    }
}
