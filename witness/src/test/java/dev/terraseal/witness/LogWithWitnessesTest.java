package dev.terraseal.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.archiver.witness.WitnessSettings;
import dev.terraseal.archiver.witness.Witnesses;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifiedLine;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.witness.AddCheckpoint;
import dev.terraseal.keys.Providers;
import dev.terraseal.settings.Settings;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TiledLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the archiver runs beside itself, against witnesses as they are run. */
class LogWithWitnessesTest {
    private static final SignatureChecker CHECKER = new SignatureChecker(Providers.fast());
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final LogFixture declared = LogFixture.small();
    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile Instant now = Instant.now();
    private TiledLog log;
    private DirectoryStore store;

    @BeforeEach
    void begin() throws Exception {
        log = new TiledLog(directory.resolve("archive"));
        store = DirectoryStore.open(directory.resolve("archive"));
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private SignedNote grow(int entries) {
        for (int i = 0; i < entries; i++) {
            log.append(Digest.of(Bytes.utf8("entry " + log.size())).bytes());
        }
        return log.publish();
    }

    private WitnessService witness(String name, int port) throws Exception {
        WitnessService service = WitnessService.start(
                new WitnessConfig(
                        directory.resolve(name),
                        name,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        List.of(log.key()),
                        null),
                new SecureRandom(),
                Clock.systemUTC());
        open.add(0, service);
        return service;
    }

    private Witnesses ask(String quorum, VerifierKey[] keys, String... places) throws Exception {
        StringBuilder policy = new StringBuilder();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < keys.length; i++) {
            policy.append("witness w" + i + " " + keys[i].text() + " " + places[i] + "\n");
            names.append(" w" + i);
        }
        policy.append("group g " + quorum + names + "\nquorum g\n");
        Path file = Files.writeString(directory.resolve("policy"), policy);
        Settings settings =
                Settings.of(Map.of("archiver.witnesses", file.toString(), "archiver.witness-interval", "0ms"));
        WitnessSettings read = WitnessSettings.from(settings).orElseThrow();
        settings.done();
        Witnesses witnesses = new Witnesses(read, declared.log(), store, CHECKER, () -> now);
        witnesses.start();
        open.add(0, witnesses);
        return witnesses;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private List<Path> archived(long size) throws Exception {
        Path place = directory.resolve("archive/cosignatures/" + size);
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.sorted().toList();
        }
    }

    @Test
    void everyWitnessCosignsAndTheArchiveKeepsTheLines() throws Exception {
        WitnessService one = witness("w.example/1", 0);
        WitnessService two = witness("w.example/2", 0);
        VerifierKey[] keys = {one.key(), two.key()};
        Witnesses witnesses = ask("all", keys, one.place().toString(), two.place() + "/");
        for (int more : new int[] {3, 5, 300}) {
            SignedNote note = grow(more);
            witnesses.offer(note, log.size());
            await(() -> witnesses.quorumSize() == log.size());
            assertThat(witnesses.takeCosigned().orElseThrow().lines()).hasSize(3);
            assertThat(witnesses.takeCosigned()).isEmpty();
            assertThat(archived(log.size())).hasSize(2);
            SignedNote all = note;
            for (Path file : archived(log.size())) {
                String line = Files.readString(file);
                assertThat(line).endsWith("\n");
                all = all.with(SignatureLine.parse(line.stripTrailing()));
            }
            List<VerifiedLine> lines = all.verify(List.of(keys), CHECKER);
            assertThat(lines).hasSize(2);
            for (Path file : archived(log.size())) {
                assertThat(lines)
                        .anyMatch(line -> file.getFileName()
                                .toString()
                                .equals(line.seenAt().getEpochSecond() + "-"
                                        + line.key().keyId()));
            }
        }
        assertThat(witnesses.troubled()).isZero();
    }

    /** A restart forgets what witnesses know; they say it. */
    @Test
    void anArchiverThatBeganAnewFindsOutWhereItsWitnessIs() throws Exception {
        WitnessService one = witness("w.example/1", 0);
        VerifierKey[] keys = {one.key()};
        Witnesses before = ask("1", keys, one.place().toString());
        before.offer(grow(5), 5);
        await(() -> before.quorumSize() == 5);
        before.close();
        Witnesses after = ask("1", keys, one.place().toString());
        after.offer(grow(6), 11);
        await(() -> after.quorumSize() == 11);
        assertThat(archived(11)).hasSize(1);
    }

    @Test
    void aWitnessThatIsAwayHoldsNobodyUpAndComesBack() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        WitnessService here = witness("w.example/1", 0);
        WitnessService away = witness("w.example/2", port);
        VerifierKey[] keys = {here.key(), away.key()};
        away.close();
        Witnesses witnesses = ask("any", keys, here.place().toString(), "http://127.0.0.1:" + port);
        witnesses.offer(grow(5), 5);
        await(() -> witnesses.quorumSize() == 5 && witnesses.troubled() == 1);
        witness("w.example/2", port);
        // The pause is by the clock the archiver was given.
        now = now.plusSeconds(3600);
        await(() -> witnesses.troubled() == 0);
        await(() -> witnesses.takeCosigned().map(note -> note.lines().size()).orElse(0) == 3);
    }

    @Test
    void silenceIsCosignedToo() throws Exception {
        WitnessService one = witness("w.example/1", 0);
        Witnesses witnesses =
                ask("1", new VerifierKey[] {one.key()}, one.place().toString());
        witnesses.offer(grow(5), 5);
        await(() -> witnesses.quorumSize() == 5);
        int first = archived(5).size();
        Thread.sleep(1_100);
        now = now.plus(declared.log().heartbeat().dividedBy(2)).plusSeconds(1);
        await(() -> {
            try {
                return archived(5).size() > first;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(witnesses.takeCosigned().orElseThrow().lines()).hasSize(2);
    }

    @Test
    void aWitnessOfAnotherHistoryIsToldOfAndHoldsNothingUp() throws Exception {
        WitnessService one = witness("w.example/1", 0);
        WitnessService two = witness("w.example/2", 0);
        TiledLog other = new TiledLog(directory.resolve("other"));
        for (int i = 0; i < 7; i++) {
            other.append(Digest.of(Bytes.utf8("other " + i)).bytes());
        }
        var http = HttpClient.newHttpClient();
        var request = new AddCheckpoint(0, List.of(), other.publish());
        assertThat(http.send(
                                HttpRequest.newBuilder(one.place().resolve("/add-checkpoint"))
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                                request.bytes().toByteArray()))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        VerifierKey[] keys = {one.key(), two.key()};
        Witnesses witnesses =
                ask("any", keys, one.place().toString(), two.place().toString());
        witnesses.offer(grow(11), 11);
        await(() -> witnesses.quorumSize() == 11 && witnesses.troubled() == 1);
        try (Stream<Path> proofs = Files.list(directory.resolve("w.example/1/split-views"))) {
            assertThat(proofs).hasSize(1);
        }
    }
}
