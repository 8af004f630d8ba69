package dev.terraseal.cli;

import dev.terraseal.archiver.ArchiverConfig;
import dev.terraseal.archiver.ArchiverService;
import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.cli.up.Gauges;
import dev.terraseal.cli.up.LogInstance;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.ingest.IngestConfig;
import dev.terraseal.ingest.IngestService;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.LogPlace;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeySources;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.Providers;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.schemas.registry.RegistryClient;
import dev.terraseal.schemas.registry.SchemaRefusedException;
import dev.terraseal.sequencer.SchemaIds;
import dev.terraseal.sequencer.SequencerConfig;
import dev.terraseal.sequencer.SequencerService;
import dev.terraseal.sequencer.TopicsGuard;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.signer.SignerConfig;
import dev.terraseal.signer.SignerService;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Command;

/** Each service by itself, as docker-compose.yml runs them. */
final class ServiceCommands {
    private ServiceCommands() {}

    /** HTTP in front of the log. */
    @Command(
            name = "ingest",
            mixinStandardHelpOptions = true,
            description = "Runs ingest alone: HTTP in, events to Kafka, receipts out.",
            footer = {
                "%nSettings: kafka.bootstrap, kafka.client.*, registry.url, registry.user, registry.password, log.declaration,",
                "  kafka.logs (1), log.partition, archive, archive.s3.*, keys.directory, http.host, http.port, http.tokens.",
                "Example: terraseal ingest --set kafka.bootstrap=broker:9092 --set archive=s3://bucket/log"
            })
    static final class Ingest extends ServiceCommand {
        @Override
        AutoCloseable start(Settings settings, Consumer<FatalError> onFatal)
                throws SettingsException, IOException, KeyUnavailableException, SchemaRefusedException,
                        InterruptedException {
            KafkaConnection kafka = KafkaConnection.from(settings);
            RegistryClient registry = registry(settings);
            Path file = declarationFile(settings);
            LogPlace place = LogPlace.from(settings);
            StoreSettings archive = StoreSettings.from(settings);
            KeySources keys = keys(settings, 1);
            IngestConfig config = IngestConfig.from(settings);
            settings.done();
            LogDeclaration log = declaration(file);
            ArchiveStore store = archive.open();
            MessageSigner identity = config.tokens().isEmpty() ? null : identity(log, store, keys);
            IngestService service = new IngestService(
                    config,
                    new IngestService.Parts(
                            log,
                            kafka,
                            place.partition(),
                            place.logs(),
                            register(registry, TopicSchemas.EVENT),
                            store,
                            () -> keys(log, store).statements(),
                            identity,
                            Map.of(),
                            new SecureRandom(),
                            Clock.systemUTC()),
                    onFatal);
            service.start();
            return service;
        }

        private static ArchivedKeys.Found keys(LogDeclaration log, ArchiveStore store) throws StoreException {
            return new ArchivedKeys(store, log, new SignatureChecker(Providers.fast())).read();
        }

        /** Taken at the start: the ingest key in force then, of those that are here the newest. */
        private static MessageSigner identity(LogDeclaration log, ArchiveStore store, KeySources keys)
                throws IOException, KeyUnavailableException {
            KeyRing ring = keys(log, store).ring();
            long next = LogInstance.archivedSize(log, store);
            return new KeyInForce(KeyUse.INGEST, keys.open(new KeyLocator.Local())::signer)
                    .at(ring, new SequenceNumber(next));
        }
    }

    /** Order and chain. */
    @Command(
            name = "sequencer",
            mixinStandardHelpOptions = true,
            description = "Runs the sequencer alone: order, chain, duplicates, rejection.",
            footer = {
                "%nSettings: kafka.bootstrap, kafka.client.*, kafka.replication (3), kafka.min-insync (2), registry.url,",
                "  registry.user, registry.password, log.files (one log.json a partition), sequencer.application, sequencer.instance,",
                "  sequencer.state, sequencer.floors, sequencer.commit-interval, metrics.port, metrics.host.",
                "Example: terraseal sequencer --set kafka.bootstrap=broker:9092 --set log.files=log.json"
            })
    static final class Sequencer extends ServiceCommand {
        @Override
        AutoCloseable start(Settings settings, Consumer<FatalError> onFatal)
                throws SettingsException, IOException, SchemaRefusedException, InterruptedException {
            SequencerConfig config = SequencerConfig.from(settings);
            RegistryClient registry = registry(settings);
            MetricsPort metrics = MetricsPort.from(settings);
            settings.done();
            SchemaIds ids = new SchemaIds(
                    register(registry, TopicSchemas.EVENT),
                    register(registry, TopicSchemas.SEQUENCED),
                    register(registry, TopicSchemas.OUTCOME),
                    register(registry, TopicSchemas.REJECTED));
            SequencerService service = new SequencerService(
                    config,
                    ids,
                    () -> new EventDecoder(ids.event(), registry)::decode,
                    TopicsGuard.of(config),
                    onFatal,
                    Clock.systemUTC());
            service.start();
            return metrics.beside(service, Gauges::of);
        }
    }

    /** Signatures. */
    @Command(
            name = "signer",
            mixinStandardHelpOptions = true,
            description = "Runs the signer alone: one signature per statement or batch, in order.",
            footer = {
                "%nSettings: kafka.bootstrap, kafka.client.*, registry.url, registry.user, registry.password, log.declaration,",
                "  kafka.logs (1), log.partition, log.key-events, keys.directory, signer.key, signer.calls, signer.floor, kms.endpoint, kms.timeout,",
                "  signer.signing (each, batch or auto), signer.quota (1000), signer.batch-entries (4096), signer.batch-wait (50ms),",
                "  and unless it signs each: archive, archive.s3.*, where batches are kept; metrics.port, metrics.host.",
                "Example: terraseal signer --set kafka.bootstrap=broker:9092 --set signer.key=awskms://arn:aws:kms:…"
            })
    static final class Signer extends ServiceCommand {
        @Override
        AutoCloseable start(Settings settings, Consumer<FatalError> onFatal)
                throws SettingsException, IOException, KeyUnavailableException, SchemaRefusedException,
                        InterruptedException {
            SignerConfig config = SignerConfig.from(settings);
            RegistryClient registry = registry(settings);
            MetricsPort metrics = MetricsPort.from(settings);
            settings.done();
            LogDeclaration log = declaration(config.declaration());
            KeySources keys = new KeySources(config.keys(), config.kms(), new SecureRandom());
            KeyInForce key = new KeyInForce(KeyUse.ATTEST, keys.open(config.places())::signer);
            StoreSettings archive = config.archive();
            SignerService service = new SignerService(
                    config,
                    log,
                    key,
                    register(registry, TopicSchemas.ATTESTATION),
                    archive == null ? null : archive.open(),
                    Clock.systemUTC(),
                    onFatal);
            service.start();
            return metrics.beside(service, Gauges::of);
        }
    }

    /** The archive. */
    @Command(
            name = "archiver",
            mixinStandardHelpOptions = true,
            description = "Runs the archiver alone: segments, tiles, signed checkpoints.",
            footer = {
                "%nSettings: kafka.bootstrap, kafka.client.*, log.declaration, kafka.logs (1), log.partition, archive, archive.s3.endpoint,",
                "  archive.s3.region, archive.s3.path-style, keys.directory, archiver.key, archiver.checkpoint-interval,",
                "  archiver.witnesses (a policy file: witness lines with URLs, and a quorum), archiver.witness-interval (5s),",
                "  kms.endpoint, kms.timeout, time.authorities (name=http://…,…), time.roots (PEM), time.interval (1h), time.timeout (10s),",
                "  time.renew-after (365d), archiver.segment-entries, archiver.segment-bytes, metrics.port, metrics.host.",
                "Example: terraseal archiver --set kafka.bootstrap=broker:9092 --set archive=s3://bucket/log"
            })
    static final class Archiver extends ServiceCommand {
        @Override
        AutoCloseable start(Settings settings, Consumer<FatalError> onFatal)
                throws SettingsException, IOException, KeyUnavailableException {
            ArchiverConfig config = ArchiverConfig.from(settings);
            Path file = declarationFile(settings);
            KafkaConnection kafka = KafkaConnection.from(settings);
            KeySources keys = keys(settings, 4);
            List<KeyLocator> places = places(settings, "archiver.key");
            MetricsPort metrics = MetricsPort.from(settings);
            settings.done();
            LogDeclaration log = declaration(file);
            KeyInForce key = new KeyInForce(KeyUse.LOG, keys.open(places)::signer);
            ArchiveStore store = config.store().open();
            ArchiverService service = new ArchiverService(
                    config, new ArchiverService.Collaborators(log, kafka, store, key, Clock.systemUTC()), onFatal);
            service.start();
            return metrics.beside(service, Gauges::of);
        }
    }
}
