package dev.terraseal.cli.up;

import com.sun.net.httpserver.HttpHandler;
import dev.terraseal.archiver.ArchivedEnd;
import dev.terraseal.archiver.ArchiverConfig;
import dev.terraseal.archiver.ArchiverService;
import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.archiver.recovery.ArchivedKeys;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.embedded.registry.RegistryServer;
import dev.terraseal.ingest.IngestService;
import dev.terraseal.ingest.Metrics;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.Providers;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.sequencer.SequencerConfig;
import dev.terraseal.sequencer.SequencerService;
import dev.terraseal.sequencer.TopicsGuard;
import dev.terraseal.signer.SignerConfig;
import dev.terraseal.signer.SignerService;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Starts the services of the stack on their ground, from the end of an event's way to its beginning. */
final class StackServices {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private final UpOptions options;
    private final Ground ground;
    private final Ground.Ids ids;
    private final Parts parts;
    private final Consumer<FatalError> onFatal;
    private final StartPhases phases;

    /** Takes each part as soon as it exists, so that it is closed whatever happens next. */
    interface Parts {
        <T extends AutoCloseable> T keep(String name, T part);
    }

    StackServices(UpOptions options, Ground ground, Parts parts, Consumer<FatalError> onFatal, StartPhases phases) {
        this.options = options;
        this.ground = ground;
        this.ids = ground.register();
        this.parts = parts;
        this.onFatal = onFatal;
        this.phases = phases;
    }

    IngestService start(SecureRandom random)
            throws CommandFailedException, IOException, KeyUnavailableException, InterruptedException {
        ArchiverService archiver = archiver();
        SignerService signer = signer();
        phases.done("services");
        SequencerService sequencer = sequencer();
        phases.done("sequencer");
        IngestService ingest = ingest(random);
        Metrics metrics = ingest.metrics();
        Gauges.of(archiver, metrics);
        Gauges.of(signer, metrics);
        Gauges.of(sequencer, metrics);
        ingest.start();
        phases.done("ingest");
        return ingest;
    }

    private ArchiverService archiver() {
        ArchiverConfig config = new ArchiverConfig(
                Ground.PARTITION,
                Ground.LOGS,
                options.archive(),
                ArchiverConfig.Limits.every(options.checkpointInterval()),
                options.witnesses(),
                options.time());
        ArchiverService service = parts.keep(
                "archiver",
                new ArchiverService(
                        config,
                        new ArchiverService.Collaborators(
                                ground.log(),
                                ground.kafka(),
                                ground.archive(),
                                key("log keys", options.logKeys(), KeyUse.LOG),
                                ground.clock()),
                        onFatal));
        service.start();
        return service;
    }

    private SignerService signer() {
        KeyInForce attest = key("attest keys", options.attestKeys(), KeyUse.ATTEST);
        SignerConfig config = new SignerConfig(
                ground.kafka(),
                Ground.PARTITION,
                Ground.LOGS,
                ground.data().logJson(),
                ground.data().keys(),
                options.attestKeys(),
                null,
                options.kms(),
                options.signingCalls(),
                ground.data().signed(),
                options.signing(),
                options.archive());
        SignerService service = parts.keep(
                "signer",
                new SignerService(
                        config, ground.log(), attest, ids.attestation(), ground.archive(), ground.clock(), onFatal));
        service.start();
        return service;
    }

    private long archivedSize() throws CommandFailedException, StoreException {
        try {
            return ArchivedEnd.read(ground.log(), ground.archive(), new SignatureChecker(Providers.fast()))
                    .size();
        } catch (ArchiverStoppedException stopped) {
            throw CommandFailedException.unavailable("archiver: " + stopped.getMessage(), stopped);
        }
    }

    private SequencerService sequencer() throws CommandFailedException, IOException, InterruptedException {
        SequencerConfig config =
                SequencerConfig.embedded(ground.kafka(), ground.data().streams(), ground.log(), archivedSize());
        SequencerService service = parts.keep(
                "sequencer",
                new SequencerService(
                        config,
                        ids.sequencer(),
                        () -> new EventDecoder(ids.sequencer().event(), ground.registry())::decode,
                        TopicsGuard.of(config),
                        onFatal,
                        ground.clock()));
        service.start();
        if (!service.awaitReady(READY_LIMIT)) {
            throw CommandFailedException.unavailable(
                    "the sequencer did not find its place within " + READY_LIMIT.toSeconds() + " s; start again");
        }
        return service;
    }

    private IngestService ingest(SecureRandom random) throws IOException, KeyUnavailableException {
        MessageSigner identity = options.http().tokens().isEmpty() ? null : identity();
        Map<String, HttpHandler> mounts = new HashMap<>();
        RegistryServer.ROOTS.forEach(root -> mounts.put(root, ground.registry()));
        IngestService.Parts with = new IngestService.Parts(
                ground.log(),
                ground.kafka(),
                Ground.PARTITION,
                Ground.LOGS,
                ids.sequencer().event(),
                ground.archive(),
                () -> keys().statements(),
                identity,
                mounts,
                random,
                ground.clock());
        return parts.keep("ingest", new IngestService(options.http(), with, onFatal));
    }

    private ArchivedKeys.Found keys() throws StoreException {
        return new ArchivedKeys(ground.archive(), ground.log(), new SignatureChecker(Providers.fast())).read();
    }

    /** Taken at the start: the ingest key in force then, of those that are here the newest. */
    private MessageSigner identity() throws IOException, KeyUnavailableException {
        KeyRing ring = keys().ring();
        return key("ingest keys", List.of(new KeyLocator.Local()), KeyUse.INGEST)
                .at(ring, new SequenceNumber(LogInstance.archivedSize(ground.log(), ground.archive())));
    }

    private KeyInForce key(String name, List<KeyLocator> places, KeyUse use) {
        return new KeyInForce(use, parts.keep(name, ground.keys().open(places))::signer);
    }
}
