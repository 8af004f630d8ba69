package dev.terraseal.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see, word for word. */
class TranscriptTest {
    private final LogFixture fixture = LogFixture.small();

    @TempDir
    private Path temp;

    private Path bundle() throws IOException {
        Path bundle = temp.resolve("bundle");
        FixtureBundle.whole(fixture, bundle);
        return bundle;
    }

    private String genesis() {
        return fixture.log().genesis().hex();
    }

    @Test
    void aWholeBundleUnderItsGenesisIsTrusted() throws IOException {
        Run run = Run.verify(bundle(), "--genesis", genesis());

        String export = fixture.exportKey().key().keyid().shortHex();
        String attest = fixture.attestKey().key().keyid().shortHex();
        assertThat(run.lines())
                .containsExactly(
                        "Seal valid                      packed by export key " + export
                                + "… (says nothing about the log)",
                        "All 20 file hashes valid",
                        "Hash chain valid                4 artifacts, sequences 0–3",
                        "All 4 artifact signatures valid attest key " + attest + "… ECDSA_SHA_256",
                        "Checkpoint valid                terraseal.local/e07c41d2 size 4, newest entry received"
                                + " 2026-11-22T01:02:03.000Z by the log's clock",
                        "Inclusion valid                 all 4 entries under one head",
                        "Stream heads valid              3 entries in 1 stream, 1 heads entry",
                        "Key events valid                none after log.json; no other revocation up to size 4",
                        "Derived files valid             manifest counts, key files; population.csv and report.html"
                                + " are not in this bundle",
                        "Time                            not covered: no token",
                        "State continuity valid          1 lineage, no gap",
                        "TRUSTED (0)   proven: each statement is byte for byte what a key of this log signed for its"
                                + " place; entries 0–3 are whole, in order and under one signed head; what the log says"
                                + " about its streams · not proven: that what is recorded is true; when anything happened"
                                + " (no time-stamp token); that others see the same history (no witness); nothing here"
                                + " says it is the newest today; that no second signature, cosignature or time-stamp token"
                                + " was left out");
        assertThat(run.err())
                .isEqualTo("terraseal verify: exit 0: everything asked for holds, under the genesis or trust file that"
                        + " was given\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void withoutAGenesisItIsIntactAndNotYetTrusted() throws IOException {
        Path bundle = bundle();
        Run run = Run.verify(bundle);

        assertThat(run.code()).isEqualTo(5);
        assertThat(run.out()).contains("INTACT, NOT YET TRUSTED (5)   proven: ");
        assertThat(run.out())
                .contains("every signature fits the keys inside what you gave, and anyone could have made those.\n"
                        + "Compare genesis "
                        + genesis() + " with one you got another way, then: terraseal verify … --genesis "
                        + genesis() + "\n");
        assertThat(Run.verify(bundle, "--integrity-only").code()).isZero();
    }

    @Test
    void oneFlippedByteIsNamedWithItsPlace() throws IOException {
        Path bundle = bundle();
        flip(bundle.resolve("artifacts/00000000000000000001.json"), 311, 1);

        Run run = Run.verify(bundle, "--genesis", genesis());

        assertThat(run.code()).isEqualTo(4);
        assertThat(run.lines().subList(1, run.lines().size()))
                .containsExactly(
                        "Hash mismatch for artifacts/00000000000000000001.json",
                        "first difference at byte 311; entries 0 and 2 still hold",
                        "VERIFICATION FAILED (4)");
        assertThat(run.err())
                .endsWith("exit 4: something inside what was given was changed, removed, reordered, forged, or is not"
                        + " what it claims to be\n");
    }

    @Test
    void swappedArtifactsAreTold() throws IOException {
        Path bundle = bundle();
        Path one = bundle.resolve("artifacts/00000000000000000001.json");
        Path two = bundle.resolve("artifacts/00000000000000000002.json");
        byte[] first = Files.readAllBytes(one);
        Files.write(one, Files.readAllBytes(two));
        Files.write(two, first);

        Run run = Run.verify(bundle, "--genesis", genesis(), "--all");

        assertThat(run.out())
                .contains("Hash mismatch for artifacts/00000000000000000001.json\n"
                        + "it holds the bytes of artifacts/00000000000000000002.json; entry 0 still holds\n")
                .contains("says it is entry 2, but it lies at 1");
        assertThat(run.code()).isEqualTo(4);
    }

    @Test
    void anotherGenesisIsAnotherLog() throws IOException {
        Run run = Run.verify(bundle(), "--genesis", "0".repeat(64));

        assertThat(run.code()).isEqualTo(4);
        assertThat(run.out()).contains("Another log: its genesis is " + genesis() + ", you gave 0000");
    }

    @Test
    void anArchiveDirectoryIsReadWhole() throws IOException {
        fixture.rotateAttestKey().batch("acme/infra/dev", 5).heads();
        Path archive = temp.resolve("archive");
        FixtureArchive.write(fixture, archive, 3);

        Run run = Run.verify(archive, "--genesis", genesis());

        assertThat(run.out()).endsWith("that no second signature, cosignature or time-stamp token was left out\n");
        assertThat(run.lines().subList(0, 3))
                .containsExactly(
                        "Seal                            an archive has none; immutability of a directory: none",
                        "File hashes valid               0 attachments, each named by its digest",
                        "Hash chain valid                11 entries from the genesis on");
        assertThat(run.out())
                .contains("Key events valid                1 after log.json; no other revocation up to size 11");
        assertThat(run.code()).isZero();
    }

    @Test
    void theArchiveOfALogWithoutEntriesIsAnArchiveOfSizeZero() throws IOException {
        LogFixture born = new LogFixture("terraseal.local/born");
        FixtureArchive.write(born, temp.resolve("born"), 3);

        Run run = Run.verify(temp.resolve("born"), "--genesis", born.log().genesis());

        assertThat(run.code()).as(run.out()).isZero();
        assertThat(run.out()).contains("terraseal.local/born size 0, 1 checkpoint of one history");
    }

    static void flip(Path file, int at, int mask) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= (byte) mask;
        Files.write(file, bytes);
    }
}
