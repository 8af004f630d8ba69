package dev.terraseal.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.SeededSigner;
import dev.terraseal.testkit.log.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        String witness = VerifierKey.ofCosigner("w.example", new SeededSigner(KeyUse.WITNESS, 3).key())
                .text();
        assertThat(Run.verify(bundle, "--log-key", witness).err()).contains("exit 2: --log-key: this key cosigns");
        assertThat(Run.verify(bundle, "--split-view", "--log-key", witness).code())
                .isEqualTo(2);
        assertThat(Run.verify("--help").out()).contains("Examples:");
    }

    @Test
    void aNumberIsDigitsAndAnAgeIsAboveZero() {
        for (String age :
                new String[] {"-5s", "+5s", "0s", "5", "s", "1.5h", "PT-5S", "PT0S", "9999999999999999999d"}) {
            assertThat(Run.verify(bundle, "--max-head-age", age).err())
                    .as(age)
                    .contains("exit 2: --max-head-age is a time such as 90s, 15m, 36h or 7d, not '" + age + "'");
        }
        for (String size : new String[] {"+1", "-1", "1.0", "", "0x1", "9999999999999999999"}) {
            assertThat(Run.verify(bundle, "--at-least", size).err())
                    .as(size)
                    .contains("exit 2: --at-least is a number of entries, not '" + size + "'");
        }
        assertThat(code("--at-least", "0004")).isZero();
    }

    @Test
    void noOptionIsPassedOver() throws IOException {
        Path proof = Files.writeString(temp.resolve("proof.json"), "{}");
        Path trust = Files.writeString(
                temp.resolve("trust.json"),
                "{\"format\":1,\"genesis\":\"" + fixture.log().genesis() + "\",\"origin\":\""
                        + fixture.log().origin() + "\"}");
        Path older =
                Files.write(temp.resolve("older"), fixture.checkpoint(2).bytes().toByteArray());
        String[][] meaningless = {
            {"--report", temp.resolve("paper.json").toString()},
            {"--all"},
            {"--at-least", "1"},
            {"--covers-until", "2026-11-22T01:02:03Z"},
            {"--from-checkpoint", older.toString()},
            {"--max-head-age", "1h"},
            {"--integrity-only"},
            {"--trust", trust.toString()},
        };
        for (String[] option : meaningless) {
            List<Object> arguments = new ArrayList<>(List.of(proof, "--split-view"));
            arguments.addAll(List.of(option));
            assertThat(Run.verify(arguments.toArray()).err())
                    .as(option[0])
                    .contains("exit 2: " + option[0] + " means nothing of a proof of two histories");
        }
        assertThat(temp.resolve("paper.json")).doesNotExist();
        String key = VerifierKey.ofLog(fixture.log().origin(), fixture.logKey().key())
                .text();
        Digest genesis = fixture.log().genesis();
        assertThat(Run.verify(proof, "--split-view", "--genesis", genesis, "--log-key", key)
                        .err())
                .contains("exit 2: --genesis or --log-key, not both");
        assertThat(Run.verify(proof, "--split-view", "--split-view").err()).contains("given twice");
        assertThat(Run.verify(proof, "--split-view", "--log-key", key, "--json").code())
                .isEqualTo(4);
        assertThat(Run.verify(bundle, "--integrity-only", "--genesis", genesis).err())
                .contains("exit 2: --integrity-only is for a check without --genesis or --trust");
        assertThat(Run.verify(bundle, "--integrity-only", "--trust", trust).code())
                .isEqualTo(2);
        assertThat(Run.verify(bundle, "--integrity-only").code()).isZero();
    }

    @Test
    void theWorkPaperNamesTheFilesThatAskedByTheirDigests() throws IOException {
        Path trust = Files.writeString(
                temp.resolve("trust.json"),
                "{\"format\":1,\"genesis\":\"" + fixture.log().genesis() + "\",\"origin\":\""
                        + fixture.log().origin() + "\"}");
        Path older =
                Files.write(temp.resolve("older"), fixture.checkpoint(2).bytes().toByteArray());
        for (String name : new String[] {"paper.json", "paper.html"}) {
            Path report = temp.resolve(name);
            Run run = Run.verify(bundle, "--trust", trust, "--from-checkpoint", older, "--report", report);
            assertThat(run.code()).isZero();
            assertThat(Files.readString(report))
                    .contains(digest(trust))
                    .contains(digest(older))
                    .contains(digest(bundle.resolve("SHA256SUMS")));
        }
    }

    private static String digest(Path file) throws IOException {
        return Digest.of(Bytes.wrap(Files.readAllBytes(file))).hex();
    }

    @Test
    void aWorkPaperIsNoFileOfTheBundleItIsAbout() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), bundle.resolve("artifacts"));
        for (Path inside : new Path[] {
            bundle.resolve("paper.html"), bundle.resolve("artifacts/paper.json"), link.resolve("paper.json")
        }) {
            Run run = Run.verify(bundle, "--report", inside);
            assertThat(run.code()).as("%s", inside).isEqualTo(2);
            assertThat(run.err()).contains("lies within " + bundle).contains("choose a place outside");
        }
        assertThat(code("--report", temp.resolve("paper.html"))).isZero();
        assertThat(code()).as("the bundle is as it was").isZero();
    }

    @Test
    void whereAWorkPaperCannotBeIsSaidBeforeAndCostsNoVerdictAfterwards() throws IOException {
        Run before = Run.verify(bundle, "--report", temp.resolve("nowhere/paper.html"));
        assertThat(before.code()).isEqualTo(2);
        assertThat(before.err()).contains("exit 2: --report: there is no directory " + temp.resolve("nowhere"));
        assertThat(before.out()).isEmpty();

        Path tooLong = temp.resolve("x".repeat(300) + ".json");
        Run good = Run.verify(bundle, "--genesis", fixture.log().genesis(), "--report", tooLong);
        assertThat(good.out()).contains("TRUSTED (0)");
        assertThat(good.code()).isEqualTo(3);
        assertThat(good.err())
                .contains("exit 3: the work paper could not be written: ")
                .endsWith("stands\n");
        Run wrong = Run.verify(bundle, "--genesis", "0".repeat(64), "--report", tooLong);
        assertThat(wrong.out()).contains("VERIFICATION FAILED (4)");
        assertThat(wrong.code()).isEqualTo(4);
        assertThat(wrong.err()).startsWith("terraseal verify: the work paper could not be written: ");
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
        Path segments = Files.createDirectories(bundle.resolve("segments/2026"));
        Files.createDirectory(bundle.resolve("checkpoints"));
        assertThat(code()).as("an empty directory is nothing").isZero();
        Files.writeString(segments.resolve("x"), "");
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
