package dev.terraseal.embedded.registry;

import com.sun.net.httpserver.HttpServer;
import dev.terraseal.kafka.KafkaConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry behind an HTTP server on loopback. */
final class MountedRegistry implements AutoCloseable {
    private final RegistryServer registry;
    private final HttpServer http;
    private final ExecutorService threads;

    private MountedRegistry(RegistryServer registry, HttpServer http, ExecutorService threads) {
        this.registry = registry;
        this.http = http;
        this.threads = threads;
    }

    static MountedRegistry start(String bootstrap) throws IOException {
        RegistryServer registry = RegistryServer.open(new KafkaConnection(bootstrap, Map.of()), InstantSource.system());
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        RegistryServer.ROOTS.forEach(root -> http.createContext(root, registry));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        http.setExecutor(threads);
        http.start();
        return new MountedRegistry(registry, http, threads);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
        registry.close();
    }
}
