package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.VerifyMain;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.Verdict;
import dev.terraseal.verifier.verdict.VerdictText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Gets bundles of one log, judges them under its genesis, and packs changed ones again under the real export key. */
final class Auditor {
    private final LogFixture fixture;
    private final Path temp;

    Auditor(LogFixture fixture, Path temp) {
        this.fixture = fixture;
        this.temp = temp;
    }

    Exported receives(Selection selection, String name) throws Exception {
        return receives(ExportRequest.of(temp.resolve(name), selection));
    }

    Exported receives(ExportRequest request) throws Exception {
        Path archive = temp.resolve("archive");
        if (!Files.exists(archive)) {
            FixtureArchive.write(fixture, archive, 3);
        }
        try (DirectoryStore store = DirectoryStore.open(archive)) {
            return new Exporter(
                            store,
                            fixture.exportKey(),
                            new RememberingChecker(),
                            () -> Instant.parse("2026-11-22T02:00:00Z"),
                            "0.1.0",
                            Progress.none())
                    .export(request);
        }
    }

    Verdict judges(Path bundle) throws IOException {
        return VerifyMain.judge(
                bundle, Question.under(Trust.byGenesis(fixture.log().genesis())), new RememberingChecker());
    }

    Verdict trusts(Path bundle) throws IOException {
        Verdict verdict = judges(bundle);
        assertThat(verdict.code())
                .as(String.join("\n", VerdictText.lines(verdict)))
                .isZero();
        return verdict;
    }

    /** The first finding about a bundle that is refused, after it was sealed again by the exporter's own key. */
    Finding refusesResealed(Path bundle) throws IOException {
        FixtureBundle.seal(fixture, bundle);
        Verdict verdict = judges(bundle);
        assertThat(verdict.code())
                .as(String.join("\n", VerdictText.lines(verdict)))
                .isEqualTo(4);
        return verdict.findings().stream()
                .filter(finding -> finding.name().isFailure())
                .findFirst()
                .orElseThrow();
    }
}
