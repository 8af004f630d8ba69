package dev.terraseal.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka in this process: one KRaft node, broker and controller, on 127.0.0.1 only.
 *
 * <p>What it acknowledged survives {@code kill -9}; what it acknowledged on a topic with {@code flush.messages=1} also
 * survives loss of power. A start on the directory of an earlier run goes on with its data, and takes the same port if
 * it is free.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final BrokerDirectory directory;
    private final KafkaRaftServer server;
    private final int port;
    private boolean closed;

    private EmbeddedBroker(BrokerDirectory directory, KafkaRaftServer server, int port) {
        this.directory = directory;
        this.server = server;
        this.port = port;
    }

    /**
     * Returns when the broker takes requests (1 to 6 seconds).
     *
     * @param dataDirectory made if absent; held by this process until {@link #close()}
     * @param port where to listen; 0 takes the port of the last run here, or any that is free
     * @param onFatal told the reason right before the process ends because the broker broke
     * @throws BrokerUnavailableException if another process holds the directory, a newer Kafka wrote it, the port is
     *     taken, or Kafka could not start
     */
    public static EmbeddedBroker start(Path dataDirectory, int port, Consumer<String> onFatal) {
        long began = System.nanoTime();
        BrokerDirectory directory = BrokerDirectory.hold(dataDirectory);
        try {
            int listenPort = choosePort(directory, port);
            KafkaConfig config = BrokerSettings.of(directory.kafka(), listenPort, LoopbackPort.any(listenPort));
            format(directory.kafka());
            directory.keep(listenPort);
            KafkaRaftServer server = run(config, directory, onFatal);
            LOG.info(
                    "embedded broker ready bootstrap={}:{} directory={} millis={}",
                    LoopbackPort.HOST,
                    listenPort,
                    directory,
                    (System.nanoTime() - began) / 1_000_000);
            return new EmbeddedBroker(directory, server, listenPort);
        } catch (IOException e) {
            release(directory, e);
            throw new BrokerUnavailableException("the broker data directory " + directory + " cannot be used: " + e, e);
        } catch (RuntimeException e) {
            release(directory, e);
            throw e;
        }
    }

    private static int choosePort(BrokerDirectory directory, int port) throws IOException {
        if (port != 0) {
            if (!LoopbackPort.free(port)) {
                throw new BrokerUnavailableException("port " + port + " on " + LoopbackPort.HOST
                        + " is taken by another program; stop it, or choose another port (0 takes a free one)");
            }
            return port;
        }
        int kept = directory.keptPort();
        return kept != 0 && LoopbackPort.free(kept) ? kept : LoopbackPort.any(0);
    }

    /** Does nothing to a directory that is formatted; one whose format was interrupted is formatted again. */
    private static void format(Path logDirectory) {
        // Written last by the formatter; with it the directory has its cluster id, which a second one would contradict.
        if (Files.exists(logDirectory.resolve("meta.properties"))) {
            return;
        }
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(BrokerSettings.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(logDirectory.toString())
                    .setMetadataLogDirectory(logDirectory.toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER)
                    .run();
        } catch (Exception e) {
            throw new BrokerUnavailableException(
                    "the broker data in " + logDirectory + " could not be formatted: " + e.getMessage(), e);
        }
    }

    private static KafkaRaftServer run(KafkaConfig config, BrokerDirectory directory, Consumer<String> onFatal) {
        BrokerHalt halt = new BrokerHalt(onFatal);
        halt.install();
        try {
            KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
            server.startup();
            halt.started();
            return server;
        } catch (RuntimeException e) {
            throw new BrokerUnavailableException(
                    "Kafka could not start on the data in " + directory + ": " + e.getMessage(), e);
        }
    }

    private static void release(BrokerDirectory directory, Exception reason) {
        try {
            directory.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** {@code host:port}, for {@code bootstrap.servers}. */
    public String bootstrap() {
        return LoopbackPort.HOST + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Stops in order (under a second); the data stays. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        server.shutdown();
        server.awaitShutdown();
        try {
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the lock of the broker data in " + directory + " was not released", e);
        }
    }
}
