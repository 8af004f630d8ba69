package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.BundleBytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log signed in batches, killed twice in the middle, once going on with a signature each: to the auditor one log. */
class BatchSignedTest {
    private static final int EVENTS = 1_500;
    private static final long SEED = Long.getLong("terraseal.seed", 20261129);

    @TempDir
    Path directory;

    @Test
    void everythingAnAuditorReceivesOfALogSignedInBatchesVerifiesInBothVerifiers() throws Exception {
        Path data = directory.resolve("data");
        Producers producers = new Producers(EVENTS, 25, SEED);
        producers.start(8);
        String genesis = "";
        BundleBytes bundle;
        for (String signing : List.of("batch", "each")) {
            Up up = Up.start(data, "--signing", signing);
            genesis = up.genesis();
            producers.server(up.http());
            producers.awaitAcknowledged(signing.equals("batch") ? EVENTS / 3 : EVENTS / 2);
            up.kill();
        }
        try (Up up = Up.start(data, "--signing", "batch")) {
            assertThat(up.genesis()).isEqualTo(genesis);
            producers.server(up.http());
            producers.finish();
            producers.oneMoreSigned(EVENTS);
            Json.Obj entry = lastBatched(up);
            tailFollows(up, entry);
            receiptHolds(up, entry);
            bundle = exportHolds(data, genesis);
        }
        Terminal.Result archive =
                Terminal.terraseal(directory, "verify", data.resolve("archive"), "--genesis", genesis);
        assertThat(archive.exit()).as(archive.toString()).isZero();
        Terminal.Result listed = Terminal.terraseal(directory, "log", "list", "--data", data);
        assertThat(listed.exit()).as(listed.toString()).isZero();
        // Last, for where there is no Chromium the test is skipped from here on.
        try (InBrowser page = new InBrowser(Files.createDirectories(directory.resolve("page")))) {
            assertThat(page.answer(bundle, genesis)).isEqualTo("0");
        }
    }

    /** The newest entry that is signed in a batch, as the server hands it out. */
    private Json.Obj lastBatched(Up up) throws IOException, InterruptedException {
        for (long sequence = up.gauge("terraseal_log_size") - 1; sequence >= 0; sequence--) {
            Json.Obj entry = CanonicalJson.parseObject(Bytes.wrap(get(up, "/v1/entries/" + sequence)));
            if (entry.has("batch")) {
                return entry;
            }
        }
        throw new AssertionError("no entry is signed in a batch");
    }

    private static byte[] get(Up up, String path) throws IOException {
        try (var in = URI.create(up.http() + path).toURL().openStream()) {
            return in.readAllBytes();
        }
    }

    private static long sequence(Json.Obj entry) {
        return Statement.parse(entry.base64("payload")).sequence().value();
    }

    private void tailFollows(Up up, Json.Obj entry) throws IOException {
        List<String> command =
                Terminal.command("log", "tail", "--server", up.http(), "--from", entry.number("batch"), "--json");
        Process tail = Terminal.start(directory, Map.of(), command);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(tail.getInputStream(), StandardCharsets.UTF_8))) {
            for (long at = entry.number("batch"); at <= sequence(entry); at++) {
                assertThat(lines.readLine()).as("entry " + at).contains("\"sequence\":" + at);
            }
        } finally {
            tail.destroyForcibly();
        }
    }

    private void receiptHolds(Up up, Json.Obj entry) throws IOException {
        Path file = directory.resolve("batched.receipt.json");
        Terminal.Result fetched = Terminal.terraseal(
                directory, "receipt", "--server", up.http(), "--sequence", sequence(entry), "--out", file);
        assertThat(fetched.exit()).as(fetched.toString()).isZero();
        assertThat(Files.readString(file)).contains("\"batch\":{\"payload\"");
        Terminal.Result verified = Terminal.terraseal(directory, "verify", file, "--genesis", up.genesis());
        assertThat(verified.exit()).as(verified.toString()).isZero();
    }

    private BundleBytes exportHolds(Path data, String genesis) throws Exception {
        Path out = directory.resolve("bundle");
        Terminal.Result exported = Terminal.terraseal(directory, "export", "--data", data, "--out", out);
        assertThat(exported.exit()).as(exported.toString()).isZero();
        Terminal.Result verified = Terminal.terraseal(directory, "verify", out, "--genesis", genesis);
        assertThat(verified.exit()).as(verified.toString()).isZero();
        BundleBytes bundle = BundleBytes.read(out);
        List<String> forms = new ArrayList<>();
        for (Json.Obj line : bundle.lines("signatures.jsonl").stream()
                .map(text -> CanonicalJson.parseObject(Bytes.utf8(text)))
                .toList()) {
            forms.add(line.has("batch") ? "batch" : "each");
        }
        assertThat(forms).contains("batch", "each");
        long kept;
        try (Stream<Path> files = Files.list(data.resolve("archive/batches"))) {
            kept = files.count();
        }
        assertThat(bundle.lines("batches.jsonl").size()).isBetween(1, (int) kept);
        return bundle;
    }
}
