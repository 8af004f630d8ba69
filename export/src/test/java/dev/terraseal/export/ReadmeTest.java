package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.tools.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README.txt is followed to the letter by somebody who has the genesis, with bash, openssl and sha256sum alone. */
class ReadmeTest {
    private final LogFixture fixture =
            LogFixture.small().apply("acme/infra/dev", 1, 2).heads();

    @TempDir
    private Path temp;

    private record Followed(int code, String said) {}

    @BeforeEach
    void tools() {
        Tool.require("bash");
        Tool.require("openssl");
        Tool.require("sha256sum");
    }

    private Path receive(LogFixture log, Selection selection) throws Exception {
        new Auditor(log, temp).receives(selection, "bundle");
        return temp.resolve("bundle");
    }

    private Followed follow(Path bundle) throws IOException, InterruptedException {
        return follow(bundle, fixture.log().genesis().hex());
    }

    /** @param genesis what is put in where there is none */
    private static Followed follow(Path bundle, String genesis) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        for (String line : Files.readAllLines(bundle.resolve("README.txt"))) {
            if (line.startsWith("  ") && !line.startsWith("  terraseal ")) {
                script.append(line.equals("  genesis=") ? "genesis=" + genesis : line.substring(2))
                        .append('\n');
            }
        }
        Process shell = new ProcessBuilder("bash", "-e", "-c", script.toString())
                .directory(bundle.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Followed(shell.waitFor(), said);
    }

    private static void change(Path file, String what, String instead) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replace(what, instead));
    }

    /** New hashes, and no seal: what anybody can do who has not the export key. */
    private static void rehash(Path bundle) throws IOException {
        StringBuilder sums = new StringBuilder();
        for (Map.Entry<String, Path> file : FixtureBundle.files(bundle).entrySet()) {
            if (!file.getKey().startsWith("SHA256SUMS")) {
                sums.append(Digest.of(Bytes.wrap(Files.readAllBytes(file.getValue()))))
                        .append("  ")
                        .append(file.getKey())
                        .append('\n');
            }
        }
        Files.writeString(bundle.resolve("SHA256SUMS"), sums.toString());
    }

    @Test
    void onAGoodBundleEveryCommandSaysSo() throws Exception {
        Followed followed = follow(receive(fixture, new Selection.All()));

        assertThat(followed.code()).as(followed.said()).isZero();
        assertThat(followed.said())
                .isEqualTo("log.json: OK\nVerified OK\nartifacts/00000000000000000000.json: OK\nVerified OK\n1\n"
                        + "Signature Verified Successfully\n-: OK\n1\n");
    }

    @Test
    void onAStreamTheNextEntryIsTheNextOfTheStream() throws Exception {
        Followed followed = follow(receive(fixture, new Selection.Stream(new StreamId("acme/infra/prod"))));

        assertThat(followed.code()).as(followed.said()).isZero();
        assertThat(followed.said()).contains("artifacts/00000000000000000000.json: OK\nVerified OK\n1\n");
    }

    @Test
    void onOneEntryAloneThereIsNoNextAndTheSignatureIsChecked() throws Exception {
        Followed followed = follow(receive(fixture, new Selection.Range(2, 3)));

        assertThat(followed.code()).as(followed.said()).isZero();
        assertThat(followed.said()).startsWith("log.json: OK\nVerified OK\nVerified OK\n1\n");
    }

    @Test
    void aKeyThatAKeyEventBroughtIsNamedSo() throws Exception {
        fixture.rotateAttestKey().apply("acme/infra/prod", 4, 5).heads();
        Path bundle = receive(fixture, new Selection.Range(7, 9));
        Followed followed = follow(bundle);

        assertThat(followed.code()).as(followed.said()).isZero();
        assertThat(Files.readString(bundle.resolve("README.txt"))).contains("a key event in key-events/");
    }

    @Test
    void anArtifactOutOfAShardIsCheckedTheSameWay() throws Exception {
        LogFixture large = new LogFixture("terraseal.local/large").batch("acme/infra/prod", 10_050);
        for (int i = 1; i < 4; i++) {
            large.apply("acme/infra/dev", i, i + 1);
        }
        Path bundle = receive(large.heads(), new Selection.All());
        Followed followed = follow(bundle, large.log().genesis().hex());

        assertThat(followed.code()).as(followed.said()).isZero();
        assertThat(followed.said()).contains("/artifact: OK\nVerified OK\n1\n");
    }

    @Test
    void aLogOfBatchesSaysThatTheVerifierChecksThem() throws Exception {
        LogFixture batched = new LogFixture("terraseal.local/batched").batch("acme/infra/prod", 3);
        Path bundle = receive(batched, new Selection.All());
        Followed followed = follow(bundle, batched.log().genesis().hex());

        assertThat(followed.code()).as(followed.said()).isZero();
        assertThat(Files.readString(temp.resolve("bundle/README.txt"))).contains("signed as part of a batch");
    }

    @Test
    void aChangedArtifactIsNamed() throws Exception {
        Path bundle = receive(fixture, new Selection.All());
        change(bundle.resolve("artifacts/00000000000000000001.json"), "succeeded", "Succeeded");
        Followed followed = follow(bundle);

        assertThat(followed.code()).isNotZero();
        assertThat(followed.said()).contains("artifacts/00000000000000000001.json: FAILED");
    }

    @Test
    void whoeverMakesTheHashesAnewHasNoSeal() throws Exception {
        Path bundle = receive(fixture, new Selection.All());
        change(bundle.resolve("artifacts/00000000000000000001.json"), "succeeded", "Succeeded");
        rehash(bundle);
        Followed followed = follow(bundle);

        assertThat(followed.code()).isNotZero();
        assertThat(followed.said()).contains("Verification failure").doesNotContain("Verified OK");
    }

    @Test
    void whoeverSealsItAnewHasNoChainAndNoSignature() throws Exception {
        for (String artifact : List.of("00000000000000000000", "00000000000000000001")) {
            Path bundle = receive(fixture, new Selection.All());
            change(bundle.resolve("artifacts/" + artifact + ".json"), "\"id\":\"apply-", "\"id\":\"Apply-");
            FixtureBundle.seal(fixture, bundle);
            Followed followed = follow(bundle);

            boolean ofTheExample = artifact.endsWith("0");
            assertThat(followed.code()).as(followed.said()).isEqualTo(ofTheExample ? 1 : 0);
            assertThat(followed.said().contains("artifacts/00000000000000000000.json: FAILED"))
                    .isEqualTo(ofTheExample);
            ZipPacker.delete(bundle);
        }
    }

    @Test
    void aFileThatWasAddedOrIsMissingIsNamed() throws Exception {
        Path bundle = receive(fixture, new Selection.All());
        Files.writeString(bundle.resolve("artifacts/stranger"), "");
        Followed added = follow(bundle);
        Files.delete(bundle.resolve("artifacts/stranger"));
        Files.createSymbolicLink(bundle.resolve("artifacts/link"), Path.of("/etc/passwd"));
        Followed linked = follow(bundle);
        Files.delete(bundle.resolve("artifacts/link"));
        Files.delete(bundle.resolve("artifacts/00000000000000000003.json"));
        Followed removed = follow(bundle);

        assertThat(added.code()).isNotZero();
        assertThat(added.said()).contains("> artifacts/stranger");
        assertThat(linked.code()).isNotZero();
        assertThat(linked.said()).contains("> artifacts/link");
        assertThat(removed.code()).isNotZero();
        assertThat(removed.said()).contains("artifacts/00000000000000000003.json");
    }

    @Test
    void anotherLogIsNotTheOneOfTheGenesis() throws Exception {
        Path bundle = receive(fixture, new Selection.All());
        Followed followed = follow(bundle, LogFixture.small().log().genesis().hex());

        assertThat(followed.code()).isNotZero();
        assertThat(followed.said()).startsWith("log.json: FAILED");
    }

    /** Commands with the genesis of the bundle filled in end well for any bundle, also for one that anybody made. */
    @Test
    void whatIsCopiedAsItStandsEndsWithNothing() throws Exception {
        Path bundle = receive(fixture, new Selection.All());
        Followed followed = follow(bundle, "");
        String genesis = fixture.log().genesis().hex();

        assertThat(followed.code()).isNotZero();
        assertThat(followed.said())
                .contains("put in the one you got another way")
                .doesNotContain("OK");
        assertThat(Files.readString(bundle.resolve("README.txt"))).containsOnlyOnce(genesis);
        assertThat(Files.readString(bundle.resolve("report.html")))
                .contains("terraseal verify . --genesis <em>GENESIS</em>");
    }
}
