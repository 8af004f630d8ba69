package dev.terraseal.ingest;

import dev.terraseal.archiver.ArchiveBirth;
import dev.terraseal.archiver.ArchiverConfig;
import dev.terraseal.archiver.ArchiverService;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.embedded.TestBroker;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.Topics;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeySources;
import dev.terraseal.keys.LogBirth;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.sequencer.SchemaIds;
import dev.terraseal.sequencer.SequencerConfig;
import dev.terraseal.sequencer.SequencerService;
import dev.terraseal.sequencer.TopicsGuard;
import dev.terraseal.signer.SignerConfig;
import dev.terraseal.signer.SignerService;
import dev.terraseal.signer.SigningForm;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/** The real sequencer, signer, archiver and ingest over a broker, in this JVM. */
final class WholeLog {
    static final int EVENT_SCHEMA = 1;
    private static final Duration LIMIT = Duration.ofSeconds(180);

    final LogDeclaration log;
    final ArchiveStore archive;
    final Queue<FatalError> fatal = new ConcurrentLinkedQueue<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final IngestService.Parts with;
    private IngestService ingest;

    WholeLog(Path data, Optional<Path> tokens) throws Exception {
        SecureRandom random = new SecureRandom();
        Clock clock = Clock.systemUTC();
        LogBirth.Request request = LogBirth.Request.in(data);
        log = new LogBirth(clock, random).begin(request).declaration();
        KmsConnection kms = new KmsConnection(null, 1, Duration.ofSeconds(5));
        KeySources keys = new KeySources(data.resolve("keys"), kms, random);
        StoreSettings store = StoreSettings.inDirectory(data.resolve("archive"));
        archive = keep(store.open());
        var logKey = keys.open(new KeyLocator.Local()).signer(log.keys(KeyUse.LOG));
        new ArchiveBirth(archive, clock).begin(log, logKey, Map.of());
        KafkaConnection kafka = new KafkaConnection(keep(TestBroker.start()).bootstrap(), Map.of());
        try (Admin admin = kafka.admin("test")) {
            new TopicAdmin(admin).create(Topics.embedded(1).specs());
        }
        Consumer<FatalError> onFatal = fatal::add;
        ArchiverConfig archiving = new ArchiverConfig(0, 1, store, ArchiverConfig.Limits.every(Duration.ofMillis(100)));
        ArchiverService.Collaborators collaborators =
                new ArchiverService.Collaborators(log, kafka, archive, KeyInForce.only(logKey), clock);
        keep(new ArchiverService(archiving, collaborators, onFatal)).start();
        SignerConfig signing = new SignerConfig(
                kafka,
                0,
                1,
                data.resolve("log.json"),
                data.resolve("keys"),
                List.of(new KeyLocator.Local()),
                null,
                kms,
                4,
                data.resolve("signed"),
                SigningForm.each(),
                null);
        var attest = keys.open(new KeyLocator.Local()).signer(log.keys(KeyUse.ATTEST));
        keep(new SignerService(signing, log, KeyInForce.only(attest), 5, null, clock, onFatal))
                .start();
        SequencerConfig sequencing = SequencerConfig.embedded(kafka, data.resolve("streams"), log, 0);
        SequencerService sequencer = keep(new SequencerService(
                sequencing,
                new SchemaIds(EVENT_SCHEMA, 2, 3, 4),
                () -> new EventDecoder(EVENT_SCHEMA, SchemaSource.none())::decode,
                TopicsGuard.of(sequencing),
                onFatal,
                clock));
        sequencer.start();
        if (!sequencer.awaitReady(LIMIT)) {
            throw new AssertionError("the sequencer takes no events; fatal: " + fatal);
        }
        var identity =
                tokens.isEmpty() ? null : keys.open(new KeyLocator.Local()).signer(log.keys(KeyUse.INGEST));
        with = new IngestService.Parts(
                log, kafka, 0, 1, EVENT_SCHEMA, archive, List::of, identity, Map.of(), random, clock);
        ingest = ingest(tokens);
    }

    private IngestService ingest(Optional<Path> tokens) throws Exception {
        IngestConfig config = new IngestConfig(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tokens);
        IngestService service = new IngestService(config, with, fatal::add);
        service.start();
        return service;
    }

    /** Another ingest over the same log, as after a restart. */
    void restartIngest() throws Exception {
        ingest.close();
        ingest = ingest(Optional.empty());
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + ingest.address().getPort() + path))
                .timeout(LIMIT);
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String path) throws Exception {
        return send(to(path).GET());
    }

    HttpResponse<byte[]> post(String path, String body) throws Exception {
        return send(to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<byte[]> put(String path, byte[] body) throws Exception {
        return send(to(path).PUT(BodyPublishers.ofByteArray(body)));
    }

    static Json.Obj json(HttpResponse<byte[]> response) {
        return CanonicalJson.parseObject(Bytes.wrap(response.body()));
    }

    static String text(HttpResponse<byte[]> response) {
        return Bytes.wrap(response.body()).utf8();
    }

    void close() throws Exception {
        ingest.close();
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
