package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.testkit.log.TiledLog;
import dev.terraseal.verifier.tlog.TlogCommand;
import dev.terraseal.witness.WitnessConfig;
import dev.terraseal.witness.WitnessService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we write Go's checksum database code accepts, and what it writes we accept; what either breaks both refuse. */
class GoSumdbOracleTest {
    private static final long SEED = 20261122;

    @TempDir
    static Path build;

    private static GoOracle oracle;

    @TempDir
    Path directory;

    @BeforeAll
    static void buildTheOracle() throws IOException, InterruptedException {
        oracle = GoOracle.build(build);
    }

    /** A log of our entry hashes with proofs of some records and of consistency with every size published before. */
    private TiledLog ours(Path place, int... sizes) throws Exception {
        TiledLog log = new TiledLog(place);
        SignedNote head = null;
        for (int size : sizes) {
            while (log.size() < size) {
                log.append(Digest.of(Bytes.utf8("statement " + log.size())).bytes());
            }
            head = log.publish();
        }
        int size = (int) log.size();
        Random random = new Random(SEED);
        Files.createDirectories(place.resolve("proofs"));
        Files.createDirectories(place.resolve("consistency"));
        for (int index : new int[] {0, size - 1, random.nextInt(size), random.nextInt(size), random.nextInt(size)}) {
            Files.write(
                    place.resolve("proofs/" + index + ".tlog-proof"),
                    log.proof(index, size, head).bytes().toByteArray());
        }
        for (int old : sizes) {
            StringBuilder lines = new StringBuilder();
            for (Digest hash : log.proofs(size).consistency(old)) {
                lines.append(hash.base64()).append('\n');
            }
            Files.writeString(place.resolve("consistency/" + old), lines.toString());
        }
        return log;
    }

    @Test
    void goAcceptsWhatWeWriteAndWouldHaveWrittenTheSame() throws Exception {
        int[][] logs = {{1}, {2}, {1, 3, 7}, {255}, {256}, {100, 256, 257}, {5, 300, 511, 512, 700}, {65_536, 66_000}};
        for (int[] sizes : logs) {
            Path place = Files.createDirectory(directory.resolve("log-" + sizes[sizes.length - 1]));
            TiledLog log = ours(place, sizes);
            GoOracle.Answer answer =
                    oracle.answer("check", place.toString(), log.key().text());
            assertThat(answer.text())
                    .startsWith("size " + log.size() + " tiles ")
                    .endsWith(" trees " + sizes.length + "\n");
            assertThat(answer.code()).isZero();
        }
    }

    @Test
    void goRefusesWhatWasChanged() throws Exception {
        TiledLog log = ours(directory, 200, 300);
        Random random = new Random(SEED);
        assertThat(oracle.answer("check", directory.toString(), log.key().text())
                        .code())
                .isZero();
        List<Path> files = files(directory);
        // Not among what Go reads: partial tiles of the older size, and that size's second copy of the head.
        // Below the directory: its own random name may have those digits too.
        files.removeIf(
                file -> directory.relativize(file).toString().contains("200") || file.endsWith("checkpoints/300"));
        assertThat(files).hasSizeGreaterThan(8);
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length == 0) {
                continue;
            }
            byte[] changed = bytes.clone();
            // The last characters of a line of base64 hold bits that Go does not look at; the first always count.
            int at = random.nextInt(Math.min(20, bytes.length));
            changed[at] ^= 1;
            Files.write(file, changed);
            GoOracle.Answer answer =
                    oracle.answer("check", directory.toString(), log.key().text());
            assertThat(answer.code())
                    .as("seed %d, %s byte %d: %s", SEED, file, at, answer.text())
                    .isOne();
            Files.write(file, bytes);
        }
        GoOracle.Answer whole =
                oracle.answer("check", directory.toString(), log.key().text());
        assertThat(whole.code()).as(whole.text()).isZero();
    }

    @Test
    void weAcceptWhatGoWrites() throws Exception {
        for (int size : new int[] {1, 2, 255, 256, 257, 700, 1025}) {
            Path place = Files.createDirectory(directory.resolve("go-" + size));
            GoOracle.Answer made = oracle.answer("make", place.toString(), Integer.toString(size));
            assertThat(made.code()).as(made.text()).isZero();
            String key = made.text().strip();
            assertThat(ourVerdict("verify-checkpoint", place.resolve("checkpoint"), "--key", key))
                    .isZero();
            assertThat(ourVerdict("fsck", place, "--key", key)).isZero();
            assertThat(ourVerdict(
                            "verify-consistency",
                            place.resolve("checkpoints/old"),
                            place.resolve("checkpoint"),
                            place.resolve("consistency/old"),
                            "--key",
                            key))
                    .isZero();
            for (int index : new int[] {0, size / 3, size - 1}) {
                Path record = Files.writeString(place.resolve("record"), "go entry " + index);
                Path proof = place.resolve("proofs/" + index + ".tlog-proof");
                assertThat(ourVerdict("verify-proof", proof, "--key", key, "--record", record))
                        .isZero();
                Files.writeString(record, "go entry " + (index + 1));
                assertThat(ourVerdict("verify-proof", proof, "--key", key, "--record", record))
                        .isEqualTo(4);
            }
        }
    }

    /** A log by other people's code, and their reading of what our witness signs. */
    @Test
    void aLogOfGosMakingIsCosigned() throws Exception {
        String[] keys =
                oracle.answer("key", "go.example/log", "-").text().strip().split("\n");
        WitnessConfig config = new WitnessConfig(
                directory,
                "witness.example/w1",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(VerifierKey.parse(keys[1])),
                null);
        try (WitnessService witness = WitnessService.start(config, new SecureRandom(), Clock.systemUTC())) {
            String both = keys[0] + " " + witness.key().text();
            GoOracle.Answer answer = oracle.answer("submit", witness.place().toString(), both);
            assertThat(answer.text()).isEqualTo("cosigned up to 100\n");
            assertThat(answer.code()).isZero();
        }
    }

    private static int ourVerdict(Object... words) {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(sink, true, StandardCharsets.UTF_8);
        return TlogCommand.run(Stream.of(words).map(Object::toString).toArray(String[]::new), stream, stream);
    }

    private static List<Path> files(Path place) throws IOException {
        try (Stream<Path> walk = Files.walk(place)) {
            return new ArrayList<>(walk.filter(Files::isRegularFile).sorted().toList());
        }
    }
}
