package dev.terraseal.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Java with little memory, without the options the launcher gives it: where it is not enough the answer is 3, never a
 * yes and never 1, which is a policy's no.
 */
class SmallMemoryTest {
    private static final int MEMORY = 24;

    private final LogFixture fixture = LogFixture.small();

    @TempDir
    private Path temp;

    private record Ended(int code, String err) {}

    private Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + MEMORY + "m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.terraseal.verifier.Main"));
        command.addAll(List.of(arguments));
        Path err = temp.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(err));
    }

    private Ended verify(Path path) throws IOException, InterruptedException {
        return run(
                "verify", path.toString(), "--genesis", fixture.log().genesis().hex());
    }

    private Path written(BundleBytes bundle) throws IOException {
        Path directory = temp.resolve("bundle");
        bundle.sealedBy(fixture.exportKey()).write(directory);
        return directory;
    }

    private static void append(Path file, String line, int times) throws IOException {
        byte[] bytes = line.repeat(1000).getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < times / 1000; i++) {
                out.write(bytes);
            }
        }
    }

    @Test
    void itIsEnoughForAnOrdinaryBundle() throws Exception {
        assertThat(verify(written(FixtureExport.of(fixture).whole())).code()).isZero();
    }

    @Test
    void aLineLongerThanAnyIsRefusedBeforeItIsRead() throws Exception {
        BundleBytes whole = FixtureExport.of(fixture).whole();
        String endless = "a".repeat(40 << 20);
        for (String name : List.of("attestations.intoto.jsonl", "signatures.jsonl", "batches.jsonl")) {
            Ended ended = verify(written(whole.with(name, endless)));
            assertThat(ended.code()).as("%s: %s", name, ended.err()).isEqualTo(4);
        }
    }

    /** A list of files may be long; whether it is too long for this machine says nothing about the bundle. */
    @Test
    void whatIsTooLargeForThisMemoryIsThree() throws Exception {
        Path bundle = written(FixtureExport.of(fixture).whole());
        append(bundle.resolve("SHA256SUMS"), "x".repeat(99) + "\n", 600_000);

        Ended ended = verify(bundle);

        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        assertThat(ended.err()).contains("exit 3: this Java has too little memory for it");
    }

    @Test
    void soItIsForOtherLogs() throws Exception {
        Path proof = temp.resolve("proof");
        append(proof, "x".repeat(99) + "\n", 600_000);
        String key = dev.terraseal.core.checkpoint.VerifierKey.ofLog(
                        fixture.log().origin(), fixture.logKey().key())
                .text();
        Path note =
                Files.write(temp.resolve("note"), fixture.checkpoint(2).bytes().toByteArray());

        Ended ended =
                run("tlog", "verify-consistency", note.toString(), note.toString(), proof.toString(), "--key", key);

        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        assertThat(ended.err()).contains("too little memory");
    }
}
