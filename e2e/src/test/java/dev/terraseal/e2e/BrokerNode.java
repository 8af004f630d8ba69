package dev.terraseal.e2e;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** One broker and controller of a cluster, as a process: {@code BrokerNode PROPERTIES}. */
public final class BrokerNode {
    private BrokerNode() {}

    public static void main(String[] arguments) throws Exception {
        Properties settings = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(in);
        }
        String cluster = (String) settings.remove("cluster.id");
        KafkaConfig config = new KafkaConfig(settings, false);
        String directory = settings.getProperty("log.dirs");
        if (!Files.exists(Path.of(directory, "meta.properties"))) {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(config.nodeId())
                    .setClusterId(cluster)
                    .addDirectory(directory)
                    .setMetadataLogDirectory(directory)
                    .setControllerListenerName(ThreeBrokers.CONTROLLER)
                    .run();
        }
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        server.startup();
        server.awaitShutdown();
    }
}
