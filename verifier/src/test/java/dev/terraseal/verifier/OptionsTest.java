package dev.terraseal.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {
    private final LogFixture fixture = LogFixture.small();

    @TempDir
    private Path temp;

    private Path bundle;

    @BeforeEach
    void writeABundle() throws IOException {
        bundle = temp.resolve("bundle");
        FixtureBundle.whole(fixture, bundle);
    }

    private int code(Object... options) {
        Object[] all = new Object[options.length + 3];
        all[0] = bundle;
        all[1] = "--genesis";
        all[2] = fixture.log().genesis();
        System.arraycopy(options, 0, all, 3, options.length);
        return Run.verify(all).code();
    }

    @Test
    void wrongUsageIsTwoAndSaysWhatToWrite() {
        assertThat(Run.verify().code()).isEqualTo(2);
        assertThat(Run.verify("x", "y").code()).isEqualTo(2);
        assertThat(Run.verify(temp.resolve("nothing")).err()).contains("exit 2: there is nothing at");
        assertThat(Run.verify(bundle, "--genesis", "6B1F").err()).contains("64 lower-case hex digits");
        assertThat(Run.verify(bundle, "--genesis").err()).contains("--genesis needs a value");
        assertThat(Run.verify(bundle, "--nonsense").err()).contains("unknown option --nonsense");
        assertThat(Run.verify(bundle, "--all", "--all").err()).contains("given twice");
        assertThat(code("--max-head-age", "soon")).isEqualTo(2);
        assertThat(code("--at-least", "-1")).isEqualTo(2);
        assertThat(code("--covers-until", "yesterday")).isEqualTo(2);
        assertThat(code("--log-key", "x")).isEqualTo(2);
        assertThat(code("--trust", "x")).isEqualTo(2);
        assertThat(Run.verify("--help").out()).contains("Examples:");
    }

    @Test
    void whatIsDemandedOfTheHeadDecides() throws IOException {
        Path older =
                Files.write(temp.resolve("older"), fixture.checkpoint(2).bytes().toByteArray());
        Path foreign = Files.write(
                temp.resolve("foreign"),
                LogFixture.small().checkpoint(2).bytes().toByteArray());
        VerifierKey key =
                VerifierKey.ofLog(fixture.log().origin(), fixture.logKey().key());
        VerifierKey other = VerifierKey.ofLog(
                fixture.log().origin(),
                TestKey.ed25519(dev.terraseal.core.keys.KeyUse.LOG).key());

        assertThat(code("--at-least", 4)).isZero();
        assertThat(code("--at-least=5")).isEqualTo(4);
        assertThat(code("--log-key", key.text())).isZero();
        assertThat(code("--log-key", other.text())).isEqualTo(4);
        assertThat(code("--from-checkpoint", older)).isZero();
        assertThat(code("--from-checkpoint", foreign)).isEqualTo(4);
        assertThat(code("--covers-until", "2026-11-22T01:02:03Z")).isZero();
        assertThat(code("--covers-until", "2026-11-22T01:02:03.001Z")).isEqualTo(4);
        assertThat(code("--max-head-age", "3650d")).isEqualTo(4);
        assertThat(Run.verify(bundle, "--log-key", key.text()).code()).isEqualTo(5);
    }

    @Test
    void aTrustFileIsReadAsPeopleWriteItAndNothingInItIsIgnored() throws IOException {
        String plain = "{\n  \"origin\": \"" + fixture.log().origin() + "\",\n  \"genesis\": \""
                + fixture.log().genesis() + "\",\n  \"format\": 1";
        assertThat(trusting(plain + "\n}\n").code()).isZero();
        assertThat(trusting(plain + ", \"lastSeen\": {\"size\": 2, \"root\": \"" + rootOfTwo() + "\"}}")
                        .code())
                .isZero();
        assertThat(trusting(plain + ", \"witnesses\": \"witness w1 …\"}").err())
                .contains("exit 2")
                .contains("'witnesses' is no witness policy: line 1");
        assertThat(trusting(plain + ", \"surprise\": 1}").code()).isEqualTo(2);
        assertThat(trusting(plain + ", \"maxHeadAgeSeconds\": 60}").code()).isEqualTo(4);
        assertThat(trusting(plain.replace(fixture.log().origin().value(), "another.log") + "}")
                        .code())
                .isEqualTo(4);
        assertThat(trusting(plain
                                + ", \"require\": [{\"from\": 0, \"use\": \"attest\", \"algorithms\":"
                                + " [\"ML_DSA_65\"]}]}")
                        .code())
                .isEqualTo(4);
    }

    private String rootOfTwo() {
        return fixture.checkpoint(2).text().lines().skip(2).findFirst().orElseThrow();
    }

    private Run trusting(String file) throws IOException {
        Path trust = temp.resolve("trust.json");
        Files.writeString(trust, file);
        return Run.verify(bundle, "--trust", trust);
    }

    @Test
    void oneVerdictFeedsJsonReportAndCode() throws IOException {
        TranscriptTest.flip(bundle.resolve("artifacts/00000000000000000001.json"), 311, 1);
        Path report = temp.resolve("report.json");
        Run run = Run.verify(bundle, "--genesis", fixture.log().genesis(), "--json", "--report", report);

        Json.Obj json = CanonicalJson.parseObject(Bytes.utf8(run.out().trim()));
        assertThat(json.number("code")).isEqualTo(run.code()).isEqualTo(4);
        assertThat(json.string("verdict")).isEqualTo("failed");
        assertThat(json.array("findings").objects().get(0).string("name")).isEqualTo("hash-mismatch");
        Json.Obj paper =
                CanonicalJson.parseObject(Bytes.utf8(Files.readString(report).trim()));
        assertThat(paper.object("verdict")).isEqualTo(json);
        assertThat(paper.object("subject").string("sha256"))
                .isEqualTo(Digest.of(Bytes.wrap(Files.readAllBytes(bundle.resolve("SHA256SUMS"))))
                        .hex());
        assertThat(Run.verify(bundle, "--report", report).err()).contains("exists and is not overwritten");
    }

    @Test
    void bothOrNeitherOfBundleAndArchiveIsFour() throws IOException {
        Files.createDirectory(bundle.resolve("segments"));
        assertThat(Run.verify(bundle).code()).isEqualTo(4);
        assertThat(Run.verify(Files.createDirectory(temp.resolve("empty"))).code())
                .isEqualTo(4);
        assertThat(Run.verify(Files.writeString(temp.resolve("text"), "hello")).code())
                .isEqualTo(4);
    }

    @Test
    void noControlCharacterOfABundleReachesATerminal() throws IOException {
        Files.writeString(bundle.resolve("evil\u001b[2J\u202e.txt"), "x");

        Run run = Run.verify(bundle);

        assertThat(run.out()).contains("Stranger: evil\\u001b[2J\\u202e.txt").doesNotContain("\u001b");
    }
}
