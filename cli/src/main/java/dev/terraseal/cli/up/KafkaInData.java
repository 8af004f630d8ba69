package dev.terraseal.cli.up;

import dev.terraseal.archiver.resume.ResumePlace;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.embedded.EmbeddedBroker;
import dev.terraseal.embedded.registry.RegistryServer;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.sequencer.SequencerConfig;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Broker and registry of a data directory without the services, for a command that works on its topics. */
public final class KafkaInData implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaInData.class);

    private final DataDirectory data;
    private final EmbeddedBroker broker;
    private final RegistryServer registry;
    private final ResumePlace place;

    private KafkaInData(DataDirectory data, EmbeddedBroker broker) {
        this.data = data;
        this.broker = broker;
        KafkaConnection kafka = new KafkaConnection(broker.bootstrap(), Map.of());
        Ground.createTopics(kafka);
        this.registry = RegistryServer.open(kafka, Clock.systemUTC());
        Ground.Ids ids = Ground.register(registry);
        this.place = new ResumePlace(
                kafka,
                Ground.PARTITION,
                ids.sequencer().sequenced(),
                ids.attestation(),
                SequencerConfig.APPLICATION,
                SequencerConfig.changelog(SequencerConfig.APPLICATION));
    }

    /** Takes hold of the directory, so that no {@code up} runs beside it. */
    public static KafkaInData start(Path root) throws CommandFailedException, IOException {
        DataDirectory data = DataDirectory.open(root);
        EmbeddedBroker broker =
                EmbeddedBroker.start(data.kafka(), 0, why -> LOG.error("event=broker_stopped reason=\"{}\"", why));
        try {
            return new KafkaInData(data, broker);
        } catch (RuntimeException unusable) {
            broker.close();
            data.close();
            throw unusable;
        }
    }

    public ResumePlace place() {
        return place;
    }

    /** The sequencer's state belongs to the topics it was made on; it is made again from the log. */
    public void forgetState() throws IOException {
        if (!Files.exists(data.streams())) {
            return;
        }
        Files.walkFileTree(data.streams(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() throws IOException {
        registry.close();
        broker.close();
        data.close();
    }
}
