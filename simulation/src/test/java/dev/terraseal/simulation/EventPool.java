package dev.terraseal.simulation;

import dev.terraseal.archiver.ArchiveBirth;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.ingest.Access;
import dev.terraseal.ingest.Attachments;
import dev.terraseal.ingest.EventIntake;
import dev.terraseal.ingest.Tokens;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.json.EventEncoder;
import dev.terraseal.schemas.json.EventJson;
import dev.terraseal.simulation.keys.FastKey;
import dev.terraseal.simulation.keys.FastProvider;
import dev.terraseal.simulation.store.Objects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The log of every run, who may send to it, and the events pipelines send, made by the production {@link EventIntake} once
 * for each caller and then taken from here: they are the same in every run, and making them costs more than all the rest of
 * a step.
 */
final class EventPool {
    static final int SCHEMA = 1;
    static final int FOREIGN_SCHEMA = 99;
    static final FastKey ATTEST = FastKey.p256(KeyUse.ATTEST);
    static final FastKey LOG_KEY = FastKey.ed25519(KeyUse.LOG);
    private static final FastKey AUTHORITY = FastKey.ed25519(KeyUse.AUTHORITY);
    private static final FastKey INGEST = FastKey.ed25519(KeyUse.INGEST);
    private static final Provider FAST = new FastProvider();
    static final SignatureChecker CHECKER = new SignatureChecker(algorithm -> FAST);
    static final LogDeclaration LOG = declare("terraseal.local/simulated");
    static final String TOKEN = "terraseal-secret-4711";
    /** Of nobody's. */
    static final String STRANGERS_TOKEN = "terraseal-secret-4712";

    static final Tokens.Caller CALLER = new Tokens.Caller("ci", Digest.of(Bytes.utf8(TOKEN)), List.of());
    static final Access ACCESS = new Access(tokens());
    private static final List<String> STREAMS = List.of("acme/prod", "acme/test", "acme/infra/eu", "other");

    private static final Salts SALTS = new Salts();

    private final Map<String, EventIntake.Ready> made = new HashMap<>();
    private final EventIntake intake = intake(LOG);
    private final EventIntake elsewhere = intake(declare("terraseal.local/elsewhere"));
    private final EventDecoder decoder = new EventDecoder(SCHEMA, SchemaSource.none());
    private final Bytes tick = Bytes.wrap(
            EventEncoder.headsTick(Timestamp.parse("2026-11-22T01:02:03.000Z")).encode(SCHEMA));

    private static LogDeclaration declare(String origin) {
        return LogDeclaration.of(new LogDeclaration.Fields(
                new LogOrigin(origin),
                Digest.of(Bytes.utf8(origin)).bytes(),
                Timestamp.parse("2026-11-22T01:02:00.000Z"),
                List.of(ATTEST.key(), LOG_KEY.key(), AUTHORITY.key(), INGEST.key()),
                1,
                List.of(AUTHORITY.key().keyid()),
                512 * 1024,
                64,
                Duration.ofMinutes(10),
                Duration.ofDays(3650),
                null));
    }

    /** The archive as {@code log init} leaves it. */
    static Objects birth(Trace trace) {
        Objects objects = new Objects(trace);
        try {
            new ArchiveBirth(new PlainStore(objects), () -> Instant.parse("2026-11-22T01:02:00Z"), CHECKER)
                    .begin(LOG, LOG_KEY, Map.of());
        } catch (IOException | dev.terraseal.core.keys.SigningException impossible) {
            throw new IllegalStateException("nothing fails at birth", impossible);
        }
        return objects;
    }

    private static EventIntake intake(LogDeclaration log) {
        Attachments none = new Attachments(new PlainStore(new Objects(new Trace())), Duration.ofDays(1), Instant::now);
        return new EventIntake(log, SCHEMA, none, INGEST, SALTS);
    }

    /** An event has the same salt whichever events were made before it. */
    private static final class Salts extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private transient Random random = new Random(0);

        void begin(String event) {
            random = new Random(event.hashCode());
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }

    static String stream(int number) {
        return STREAMS.get(number % STREAMS.size());
    }

    /** As ingest reads its file of tokens at its start. */
    private static Tokens tokens() {
        try {
            Path file = Files.createTempFile("simulated", ".tokens");
            try {
                Files.writeString(
                        file, CALLER.name() + " " + CALLER.tokenSha256().hex() + "\n");
                return Tokens.read(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** An event with one of two contents, sent by a caller with one of two salts. */
    EventIntake.Ready event(Pipelines.Wanted wanted, Tokens.Caller caller) {
        String name = wanted.id() + "/" + wanted.content() + "/" + wanted.salt() + "/" + caller.name();
        return made.computeIfAbsent(name, key -> {
            SALTS.begin(key);
            return make(intake, stream(wanted.id()), "run-" + wanted.id(), wanted.outcome(), caller);
        });
    }

    /** An event whose identity was vouched for in another log: who reads the topic of events must reject it. */
    EventIntake.Ready replayed(int id) {
        return made.computeIfAbsent("replayed/" + id, key -> {
            SALTS.begin(key);
            return make(elsewhere, stream(id), "replayed-" + id, "succeeded", CALLER);
        });
    }

    /** As the sequencer reads events. */
    EventDecoder decoder() {
        return decoder;
    }

    Bytes tick() {
        return tick;
    }

    private static EventIntake.Ready make(
            EventIntake intake, String stream, String id, String outcome, Tokens.Caller caller) {
        Json.Obj subject = Json.obj()
                .put(
                        "digest",
                        Json.obj().put("sha256", Digest.of(Bytes.utf8(id))).build())
                .put("name", "tfplan")
                .build();
        Bytes json = Json.obj()
                .put("id", id)
                .put("occurredAt", "2026-11-22T01:02:03.123Z")
                .put(
                        "predicate",
                        Json.obj()
                                .put(
                                        "change",
                                        Json.obj()
                                                .put("requestedBy", outcome.equals("succeeded") ? "anna" : "berta")
                                                .build())
                                .put("outcome", outcome)
                                .build())
                .put("stream", stream)
                .put("subjects", Json.arr(List.of(subject)))
                .put("type", "https://terraseal.dev/terraform-apply/v1")
                .build()
                .bytes();
        try {
            return intake.prepare(EventJson.parse(json), Optional.of(caller)).get(0);
        } catch (Exception refused) {
            throw new IllegalStateException("a good event was refused", refused);
        }
    }
}
