package dev.terraseal.verifier.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Verdict;
import dev.terraseal.verifier.verdict.VerdictText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing in an archive can be changed or taken away unseen, but copies for readers of what is locked elsewhere. */
class ArchiveMutationTest {
    private static final long SEED = 20261122;

    private final LogFixture fixture = LogFixture.small();
    private final SignatureChecker checker = new SignatureChecker(null);

    @TempDir
    private Path archive;

    @BeforeEach
    void writeAnArchive() throws IOException {
        fixture.rotateAttestKey().batch("acme/infra/dev", 3).heads();
        FixtureArchive.write(fixture, archive, 3);
        assertThat(verify().code()).isZero();
    }

    private Verdict verify() throws IOException {
        Question question = Question.under(Trust.byGenesis(fixture.log().genesis()));
        return new ArchiveVerification(archive, question, checker).run();
    }

    private void assertRefused(String what) throws IOException {
        Verdict verdict = verify();
        assertThat(verdict.code()).as(what + " (seed " + SEED + ")").isEqualTo(4);
        assertThat(VerdictText.lines(verdict)).endsWith("VERIFICATION FAILED (4)");
    }

    @Test
    void aBitChangedAnywhereIsSeen() throws IOException {
        Random random = new Random(SEED);
        for (Map.Entry<String, Path> file : FixtureBundle.files(archive).entrySet()) {
            byte[] whole = Files.readAllBytes(file.getValue());
            for (int i = 0; i < 3; i++) {
                byte[] broken = whole.clone();
                int at = i == 0 ? broken.length - 1 : random.nextInt(broken.length);
                broken[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file.getValue(), broken);
                assertRefused(file.getKey() + " byte " + at);
            }
            Files.write(file.getValue(), whole);
        }
        assertThat(verify().code()).isZero();
    }

    @Test
    void aHeadByALogKeyThatWasCompromisedIsSuspectAndOlderCheckpointsUnderAGoodHeadAreNot(@TempDir Path other)
            throws IOException {
        fixture.revoke(fixture.logKey(), 5);
        FixtureArchive.write(fixture, archive, 3);
        Verdict stolen = verify();
        assertThat(stolen.findings())
                .extracting(each -> each.layer().code() + " " + each.name().code() + " " + each.file())
                .containsExactly("checkpoint suspect checkpoints/" + fixture.size());
        assertThat(stolen.code()).isEqualTo(4);

        LogFixture replaced = LogFixture.small().rotateLogKey();
        replaced.revoke(replaced.logKey(), 2).heads();
        FixtureArchive.write(replaced, other, 1);
        Trust trust = Trust.byGenesis(replaced.log().genesis());
        Question question =
                new Question(trust, null, replaced.checkpoint(4), null, null, null, true, false, Clock.systemUTC());
        Verdict verdict = new ArchiveVerification(other, question, checker).run();
        assertThat(verdict.code()).as("%s", verdict.findings()).isZero();
    }

    /** Older checkpoints, copies of keys and what a full tile replaces may be gone; everything else is missed. */
    @Test
    void aFileTakenAwayIsMissed() throws IOException {
        for (Map.Entry<String, Path> file : FixtureBundle.files(archive).entrySet()) {
            String name = file.getKey();
            boolean copy = name.startsWith("keys/")
                    || name.equals("checkpoint")
                    || name.startsWith("checkpoints/") && !name.endsWith("/" + fixture.size())
                    || name.startsWith("tile/") && !name.endsWith(".p/" + fixture.size());
            byte[] whole = Files.readAllBytes(file.getValue());
            Files.delete(file.getValue());
            if (copy) {
                assertThat(verify().code()).as(name).isZero();
            } else {
                assertRefused("without " + name);
            }
            Files.write(file.getValue(), whole);
        }
    }

    /** A signer that died between keeping a batch and writing its entries leaves one; anything else is planted. */
    @Test
    void aBatchThatNoEntryNamesIsAFindingUnlessItSignsTheVeryEntriesItCovers() throws IOException {
        long first = fixture.size() - 2;
        List<Digest> leaves = fixture.entries().subList((int) first, fixture.size()).stream()
                .map(entry -> Merkle.leafHash(Digest.of(entry.statement())))
                .toList();
        TestKey inForce = fixture.signing().get(0);
        Path spare = archive.resolve("batches/%020d.json".formatted(first));
        write(spare, inForce, first, 2, Merkle.root(leaves));
        assertThat(verify().code()).as("true, and unused").isZero();
        write(spare, inForce, first, 2, Merkle.root(List.of(leaves.get(1), leaves.get(0))));
        assertRefused("over other entries");
        write(spare, TestKey.seeded(KeyUse.ATTEST, Algorithm.ECDSA_SHA_256, 7), first, 2, Merkle.root(leaves));
        assertRefused("by a key of nobody");
        Files.delete(spare);
        write(
                archive.resolve("batches/%020d.json".formatted(fixture.size())),
                inForce,
                fixture.size(),
                9,
                Merkle.root(leaves));
        assertThat(verify().code()).as("ahead of the archive, which grows").isZero();
    }

    private void write(Path file, TestKey key, long first, long count, Digest root) throws IOException {
        Bytes payload = new Batch(
                        fixture.log().origin(), fixture.log().genesis(), new SequenceNumber(first), count, root)
                .payload();
        DsseSignature signature = new DsseSignature(key.key().keyid(), key.signOrFail(Dsse.pae(Dsse.BATCH, payload)));
        Files.write(
                file,
                new Envelope(Dsse.BATCH, payload, List.of(signature)).bytes().toByteArray());
    }

    @Test
    void strangersAndEntriesCutOffBelowACheckpointAreSeen() throws IOException {
        Path stranger = Files.writeString(archive.resolve("notes.txt"), "hello");
        assertRefused("a stranger");
        Files.delete(stranger);
        Files.delete(archive.resolve("segments/00000000000000000006.jsonl"));
        assertRefused("the last segment cut off");
    }
}
