package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twenty producers, some events sent twice, {@code kill -9} in the middle three times over. {@code -Dterraseal.events=N},
 * {@code -Dterraseal.kills=K} and {@code -Dterraseal.seed=S} change them, as {@code make soak} does;
 * {@code UP_CRASH_EVENTS} in the environment is how {@code .ci/run} asks for more.
 */
class UpCrashTest {
    private static final int EVENTS = Integer.getInteger(
            "terraseal.events", Integer.parseInt(System.getenv().getOrDefault("UP_CRASH_EVENTS", "10000")));
    private static final long SEED = Long.getLong("terraseal.seed", 20261122);
    private static final int KILLS = Integer.getInteger("terraseal.kills", 3);

    @TempDir
    Path directory;

    @Test
    void everyAcknowledgedEventIsInTheLogOnceHoweverOftenItIsKilled() throws Exception {
        Path data = directory.resolve("data");
        Random random = new Random(SEED);
        Producers producers = new Producers(EVENTS, EVENTS > 20_000 ? 100 : 10, SEED);
        producers.start(20);
        String genesis = null;
        long killed = System.nanoTime();
        for (int round = 0; round < KILLS; round++) {
            Up up = Up.start(data);
            report("start " + round + " took " + up.startMillis() + " ms, " + producers.acknowledged()
                    + " acknowledged");
            assertThat(genesis == null ? up.genesis() : genesis)
                    .as("the same log after a kill")
                    .isEqualTo(up.genesis());
            genesis = up.genesis();
            producers.server(up.http());
            attested(producers, round, killed);
            int target = EVENTS * (round + 1) / (KILLS + 1) - random.nextInt(EVENTS / (5 * (KILLS + 1)));
            producers.awaitAcknowledged(target);
            up.kill();
            killed = System.nanoTime();
        }
        try (Up up = Up.start(data)) {
            report("start " + KILLS + " took " + up.startMillis() + " ms");
            producers.server(up.http());
            attested(producers, KILLS, killed);
            rates(up, producers);
            producers.finish();
            heads(up.http());
        }
        report(EVENTS + " events, " + producers.sentTwice() + " sent twice on purpose, " + KILLS + " kills, seed "
                + SEED);
        long hanging = Files.readAllLines(data.resolve("up.log")).stream()
                .filter(line -> line.contains("abort_hanging_transaction"))
                .count();
        report(hanging + " transactions were left hanging by a kill, and ended at the next start");
        checkEntries(data.resolve("archive"), genesis, producers.acknowledgedIds());
        Terminal.Result verified =
                Terminal.terraseal(directory, "verify", data.resolve("archive"), "--genesis", genesis);
        assertThat(verified.exit()).as(verified.toString()).isZero();
        Terminal.Result trust = Terminal.terraseal(directory, "trust", "show", "--data", data, "--json");
        String logKey =
                CanonicalJson.parseObject(Bytes.utf8(trust.out().trim())).string("logKey");
        Terminal.Result fsck = Terminal.terraseal(directory, "tlog", "fsck", data.resolve("archive"), "--key", logKey);
        assertThat(fsck.exit()).as(fsck.toString()).isZero();
        requireReadByGo(data.resolve("archive"), logKey);
    }

    /** Other people's code makes the same tiles and the same root of the entries that lie there. */
    private void requireReadByGo(Path archive, String logKey) throws IOException, InterruptedException {
        GoOracle.Answer answer = GoOracle.build(Files.createDirectory(directory.resolve("go")))
                .answer("check", archive.toString(), logKey);
        assertThat(answer.code()).as(answer.text()).isZero();
        long size =
                Long.parseLong(Files.readAllLines(archive.resolve("checkpoint")).get(1));
        // More than one full tile, or the levels above the first were not looked at.
        assertThat(size).isGreaterThan(2 * 256);
        assertThat(answer.text()).startsWith("size " + size + " tiles ");
    }

    /** How long after the kill the log attests again: a number to look at, on a machine that does other things too. */
    private static void attested(Producers producers, int round, long since) throws InterruptedException {
        producers.oneMoreSigned(EVENTS + round);
        report((System.nanoTime() - since) / 1_000_000 + " ms from kill " + round + " to the first new attestation");
    }

    /** Of the last part, in which nothing is killed: what was left to send, over the time until each stage had it. */
    private static void rates(Up up, Producers producers) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        int accepted = producers.acknowledged();
        long attested = up.gauge("terraseal_log_size");
        long archived = up.gauge("terraseal_checkpoint_size");
        int all = EVENTS + KILLS + 1;
        producers.awaitAcknowledged(all);
        double acceptedIn = seconds(begin);
        double attestedIn = seconds(begin, up, "terraseal_log_size", all);
        double archivedIn = seconds(begin, up, "terraseal_checkpoint_size", all);
        report(
                "after the last start: accepted %.0f/s (%d in %.1f s), attested %.0f/s (%.1f s), archived %.0f/s (%.1f s)"
                        .formatted(
                                (all - accepted) / acceptedIn,
                                all - accepted,
                                acceptedIn,
                                (all - attested) / attestedIn,
                                attestedIn,
                                (all - archived) / archivedIn,
                                archivedIn));
    }

    private static double seconds(long begin, Up up, String gauge, long size) throws IOException, InterruptedException {
        while (up.gauge(gauge) < size) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return seconds(begin);
    }

    private static double seconds(long begin) {
        return Math.max(1, (System.nanoTime() - begin) / 1_000_000) / 1_000.0;
    }

    private static void heads(String http) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(http + "/v1/heads"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Reads the segments as they lie, with nothing of the code that wrote them but the statement's own form. */
    private static void checkEntries(Path archive, String genesis, Set<String> expected) throws IOException {
        long sequence = 0;
        Digest newest = Digest.fromHex(genesis);
        Set<String> ids = new HashSet<>();
        try (Stream<Path> files = Files.list(archive.resolve("segments"))) {
            for (Path segment : files.sorted().toList()) {
                List<String> lines = Files.readAllLines(segment);
                assertThat(segment.getFileName().toString()).isEqualTo("%020d.jsonl".formatted(sequence));
                for (String line : lines) {
                    Json.Obj json = CanonicalJson.parseObject(Bytes.utf8(line));
                    Statement statement = Statement.parse(json.base64("payload"));
                    assertThat(statement.sequence().value()).isEqualTo(sequence);
                    assertThat(statement.link().prevHash()).isEqualTo(newest);
                    if (!statement.stream().isReserved()) {
                        assertThat(ids.add(statement.id().value()))
                                .as("%s is in the log twice", statement.id())
                                .isTrue();
                    }
                    newest = statement.entryHash();
                    sequence++;
                }
            }
        }
        assertThat(ids).isEqualTo(expected);
    }

    private static void report(String text) {
        System.out.println("up-crash: " + text);
    }
}
