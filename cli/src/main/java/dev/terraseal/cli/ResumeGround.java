package dev.terraseal.cli;

import dev.terraseal.archiver.resume.ResumePlace;
import dev.terraseal.cli.up.DataDirectory;
import dev.terraseal.cli.up.KafkaInData;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.LogPlace;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.Topics;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.schemas.registry.RegistryClient;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import dev.terraseal.schemas.registry.SchemaRefusedException;
import dev.terraseal.sequencer.SequencerConfig;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * What a log is taken up from and on: a data directory of {@code up}, or the settings of services that run alone. Nothing
 * is connected to before {@link Connection#open}: an archive is verified without Kafka.
 *
 * @param floor where the signer remembers what it signed last
 */
record ResumeGround(LogDeclaration log, StoreSettings archive, Optional<Path> floor, Connection connection) {

    /** Finds the topics. */
    @FunctionalInterface
    interface Connection {
        Connected open()
                throws CommandFailedException, IOException, RegistryUnavailableException, SchemaRefusedException,
                        InterruptedException;
    }

    /** The topics, and the data directory's own broker, null for a cluster. */
    record Connected(ResumePlace place, @Nullable KafkaInData data) implements AutoCloseable {

        /** What is left of the sequencer's state belongs to the topics that are gone. */
        void forgetState() throws IOException {
            if (data != null) {
                data.forgetState();
            }
        }

        @Override
        public void close() throws IOException {
            if (data != null) {
                data.close();
            }
        }
    }

    static ResumeGround ofData(Settings settings, ArchiveOption archive)
            throws CommandFailedException, SettingsException, IOException {
        StoreSettings store = archive.in(settings);
        SettingsOption.leaveOutOfServices(settings);
        settings.done();
        DataDirectory data = archive.directory();
        return new ResumeGround(declaration(data.logJson()), store, Optional.of(data.signed()), () -> {
            KafkaInData kafka = KafkaInData.start(data.root());
            return new Connected(kafka.place(), kafka);
        });
    }

    static ResumeGround ofCluster(Settings settings) throws CommandFailedException, SettingsException, IOException {
        KafkaConnection kafka = KafkaConnection.from(settings);
        RegistryClient registry = ServiceCommand.registry(settings);
        LogPlace place = LogPlace.from(settings);
        Path declaration = ServiceCommand.declarationFile(settings);
        Topics topics = Topics.from(settings, place.logs());
        String sequencer = settings.text("sequencer.application", SequencerConfig.APPLICATION);
        Optional<Path> floor = settings.path("signer.floor");
        StoreSettings store = StoreSettings.from(settings);
        SettingsOption.leaveOutOfServices(settings);
        settings.done();
        return new ResumeGround(declaration(declaration), store, floor, () -> {
            try (Admin admin = kafka.admin("terraseal-resume-topics")) {
                new TopicAdmin(admin).requireSafe(topics);
            }
            ResumePlace on = new ResumePlace(
                    kafka,
                    place.partition(),
                    ServiceCommand.register(registry, TopicSchemas.SEQUENCED),
                    ServiceCommand.register(registry, TopicSchemas.ATTESTATION),
                    sequencer,
                    SequencerConfig.changelog(sequencer));
            return new Connected(on, null);
        });
    }

    private static LogDeclaration declaration(Path file) throws CommandFailedException, IOException {
        if (!Files.exists(file)) {
            throw CommandFailedException.usage(file
                    + " is not there: put the log's own back, and its keys directory beside it (the archive has a copy of"
                    + " log.json; its SHA-256 must be the genesis you know)");
        }
        return ServiceCommand.declaration(file);
    }
}
