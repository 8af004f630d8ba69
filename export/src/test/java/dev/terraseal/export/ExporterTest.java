package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import dev.terraseal.testkit.tools.Tool;
import dev.terraseal.verifier.VerifyMain;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Verdict;
import dev.terraseal.verifier.verdict.VerdictText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExporterTest {
    private final LogFixture fixture = LogFixture.small();

    @TempDir
    private Path temp;

    private Exported export(ExportRequest request) throws Exception {
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

    private Verdict verify(Path path) throws IOException {
        return VerifyMain.judge(
                path, Question.under(Trust.byGenesis(fixture.log().genesis())), new RememberingChecker());
    }

    private void assertTrusted(Path path) throws IOException {
        Verdict verdict = verify(path);
        assertThat(verdict.code())
                .as(String.join("\n", VerdictText.lines(verdict)))
                .isZero();
    }

    private Path out(String name) {
        return temp.resolve(name);
    }

    /** Every file the second writer makes; of report.html the data, for the page around it is each writer's own. */
    private void assertSameAsExpected() throws IOException {
        Map<String, Path> found = FixtureBundle.files(out("bundle"));
        for (Map.Entry<String, Path> file : FixtureBundle.files(out("expected")).entrySet()) {
            String name = file.getKey();
            if (name.equals("report.html")) {
                assertThat(data(found.get(name))).isEqualTo(data(file.getValue()));
            } else if (!name.startsWith("SHA256SUMS") && !name.equals("README.txt")) {
                assertThat(found).containsKey(name);
                assertThat(found.get(name)).as(name).hasSameBinaryContentAs(file.getValue());
            }
        }
    }

    private static String data(Path report) throws IOException {
        String page = Files.readString(report);
        int from = page.indexOf("id=\"data\">");
        return page.substring(from, page.indexOf("</script>", from));
    }

    @Test
    void aWholeExportIsByteForByteWhatASecondWriterGives() throws Exception {
        fixture.rotateAttestKey()
                .apply("acme/infra/dev", 7, 8)
                .batch("acme/infra/dev", 5)
                .heads();
        export(ExportRequest.all(out("bundle")));
        FixtureBundle.whole(fixture, out("expected"));

        assertSameAsExpected();
        assertTrusted(out("bundle"));
    }

    @Test
    void aRangeIsByteForByteWhatASecondWriterGives() throws Exception {
        fixture.batch("acme/infra/dev", 5)
                .apply("acme/infra/prod", 4, 5)
                .heads()
                .apply("acme/infra/prod", 5, 6);
        export(ExportRequest.of(out("bundle"), new Selection.Range(2, 9)));
        FixtureBundle.range(fixture, out("expected"), 2, 9);

        assertSameAsExpected();
        assertTrusted(out("bundle"));
    }

    @Test
    void everyRangeOfALogVerifies() throws Exception {
        fixture.apply("acme/infra/prod", 4, 5).batch("acme/infra/dev", 3).heads();
        for (int first = 0; first < fixture.size(); first++) {
            for (int end = first + 1; end <= fixture.size(); end++) {
                Path out = out("range-" + first + "-" + end);
                export(ExportRequest.of(out, new Selection.Range(first, end)));
                assertTrusted(out);
            }
        }
    }

    /** A reader refuses a head with a wrong line by a key it knows, and others may write to an archive. */
    @Test
    void aSecondLineThatDoesNotHoldIsLeftOut() throws Exception {
        fixture.addSecondKey(KeyUse.LOG).apply("acme/infra/prod", 4, 5).heads();
        Instant at = Instant.ofEpochSecond(1_795_305_600);
        SignedNote head = fixture.headSignedTwice(at);
        SignatureLine second = head.lines().get(1);
        byte[] wrong = second.signature().toByteArray();
        wrong[wrong.length - 1] ^= 1;
        Path lines = Files.createDirectories(temp.resolve("archive/cosignatures/" + fixture.size()));
        FixtureArchive.write(fixture, temp.resolve("archive"), 3);
        String key = "-" + second.keyId().hex();
        Files.writeString(lines.resolve(at.getEpochSecond() + key), second.text() + "\n");
        Files.writeString(
                lines.resolve((at.getEpochSecond() + 1) + key),
                new SignatureLine(second.name(), second.keyId(), Bytes.wrap(wrong)).text() + "\n");

        export(ExportRequest.all(out("bundle")));
        assertThat(out("bundle").resolve("checkpoint")).hasContent(head.bytes().utf8());
        assertTrusted(out("bundle"));
    }

    @Test
    void aWitnessLineThatDoesNotHoldIsLeftOutWhereTheWitnessIsGiven() throws Exception {
        TestKey witness = TestKey.seeded(KeyUse.WITNESS, Algorithm.ED25519_SHA_512, 9);
        Instant at = Instant.ofEpochSecond(1_795_305_600);
        SignedNote own = fixture.checkpoint(fixture.size());
        SignatureLine line = NoteSigner.cosign(own.text(), "w.example", at, witness);
        SignatureLine ofAnotherSize =
                NoteSigner.cosign(fixture.checkpoint(1).text(), "w.example", at.plusSeconds(1), witness);
        Path lines = Files.createDirectories(temp.resolve("archive/cosignatures/" + fixture.size()));
        FixtureArchive.write(fixture, temp.resolve("archive"), 3);
        String key = "-" + line.keyId().hex();
        Files.writeString(lines.resolve(at.getEpochSecond() + key), line.text() + "\n");
        Files.writeString(lines.resolve((at.getEpochSecond() + 1) + key), ofAnotherSize.text() + "\n");

        List<VerifierKey> witnesses = List.of(VerifierKey.ofCosigner("w.example", witness.key()));
        export(new ExportRequest(out("given"), new Selection.All(), List.of(), List.of(), false, witnesses));
        assertThat(out("given").resolve("checkpoint"))
                .hasContent(own.with(line).bytes().utf8());
        export(ExportRequest.all(out("unknown")));
        assertThat(out("unknown").resolve("checkpoint"))
                .as("nothing is known about a stranger's line")
                .hasContent(own.with(ofAnotherSize).bytes().utf8());
    }

    @Test
    void aKeyEventThatNoHeadsEntryCoversYetIsShown() throws Exception {
        fixture.rotateAttestKey().apply("acme/infra/prod", 4, 5);
        export(ExportRequest.of(out("bundle"), new Selection.Range(5, 6)));

        assertTrusted(out("bundle"));
        assertThat(out("bundle").resolve("key-events/artifacts/00000000000000000004.json"))
                .exists();
    }

    @Test
    void aWholeLogWithoutAHeadsEntryIsExportedAndAPartIsNot() throws Exception {
        LogFixture young = new LogFixture("terraseal.local/young").apply("acme/infra/prod", 1, 2);
        FixtureArchive.write(young, temp.resolve("young"), 3);
        try (DirectoryStore store = DirectoryStore.open(temp.resolve("young"))) {
            Exporter exporter = new Exporter(
                    store, young.exportKey(), new RememberingChecker(), Instant::now, "0.1.0", Progress.none());
            exporter.export(ExportRequest.all(out("whole")));
            Question question = Question.under(Trust.byGenesis(young.log().genesis()));
            assertThat(VerifyMain.judge(out("whole"), question, new RememberingChecker())
                            .code())
                    .isZero();
        }
        young.apply("acme/infra/prod", 2, 3);
        FixtureArchive.write(young, temp.resolve("older"), 3);
        try (DirectoryStore store = DirectoryStore.open(temp.resolve("older"))) {
            Exporter exporter = new Exporter(
                    store, young.exportKey(), new RememberingChecker(), Instant::now, "0.1.0", Progress.none());
            assertThatThrownBy(() -> exporter.export(ExportRequest.of(out("part"), new Selection.Range(0, 1))))
                    .hasMessageContaining("no heads entry");
        }
    }

    @Test
    void manyArtifactsLieInShards() throws Exception {
        LogFixture large = new LogFixture("terraseal.local/large").batch("acme/infra/prod", 10_050);
        FixtureArchive.write(large, temp.resolve("large"), 4000);
        try (DirectoryStore store = DirectoryStore.open(temp.resolve("large"))) {
            new Exporter(store, large.exportKey(), new RememberingChecker(), Instant::now, "0.1.0", Progress.none())
                    .export(ExportRequest.all(out("sharded.zip")));
        }
        Question question = Question.under(Trust.byGenesis(large.log().genesis()));
        Verdict verdict = VerifyMain.judge(out("sharded.zip"), question, new RememberingChecker());

        assertThat(verdict.code())
                .as(String.join("\n", VerdictText.lines(verdict)))
                .isZero();
        try (ZipFile zip = new ZipFile(out("sharded.zip").toFile())) {
            assertThat(zip.getEntry("artifacts/00000000000000000000.jsonl")).isNotNull();
            assertThat(zip.getEntry("artifacts/00000000000000010000.jsonl")).isNotNull();
            assertThat(zip.size()).as("no file an artifact").isLessThan(30);
        }
    }

    @Test
    void oneZipHoldsTheSameBytesForEveryReader() throws Exception {
        export(ExportRequest.all(out("bundle")));
        Path zip = export(ExportRequest.all(out("bundle.zip"))).path();

        assertTrusted(zip);
        Map<String, Path> files = FixtureBundle.files(out("bundle"));
        try (ZipFile central = new ZipFile(zip.toFile());
                ZipInputStream streamed = new ZipInputStream(Files.newInputStream(zip))) {
            assertThat(central.size()).isEqualTo(files.size());
            for (String name : files.keySet()) {
                byte[] first = central.getInputStream(central.getEntry(name)).readAllBytes();
                assertThat(streamed.getNextEntry().getName()).isEqualTo(name);
                assertThat(streamed.readAllBytes()).isEqualTo(first);
                if (!name.startsWith("SHA256SUMS")) {
                    assertThat(first).as(name).isEqualTo(Files.readAllBytes(files.get(name)));
                }
            }
            assertThat(streamed.getNextEntry()).isNull();
        }
    }

    @Test
    void theSmallestRangeWithEverythingReceivedInAWindowIsExported() throws Exception {
        Exported exported = export(ExportRequest.of(
                out("window"),
                new Selection.Received(
                        Timestamp.parse("2026-11-22T01:02:01.000Z"), Timestamp.parse("2026-11-22T01:02:03.000Z"))));

        assertThat(exported.first()).isEqualTo(1);
        assertThat(exported.last()).isEqualTo(2);
        assertTrusted(out("window"));
    }

    @Test
    void appliesThatChangedAnAddressAreSelectedAndSaidToBeNoWhole() throws Exception {
        Json.Obj resource =
                Json.obj().put("address", "aws_db.main").put("type", "aws_db").build();
        Json.Obj body = Json.obj()
                .put("outcome", "succeeded")
                .put(
                        "changes",
                        Json.obj().put("resources", Json.arr(List.of(resource))).build())
                .build();
        fixture.append(PredicateType.TERRAFORM_APPLY, "acme/db", "a", body)
                .apply("acme/infra/prod", 4, 5)
                .append(PredicateType.TERRAFORM_APPLY, "acme/db", "b", body)
                .heads();

        Exported exported = export(ExportRequest.of(out("selection"), new Selection.Address("aws_db.main")));

        assertThat(exported.count()).isEqualTo(2);
        assertTrusted(out("selection"));
        assertThat(verify(out("selection")).notProven()).contains("that the selection is complete");
    }

    @Test
    void anApplyThatIsNotShownMakesNoGapInAState() throws Exception {
        Json.Obj resource = Json.obj().put("address", "aws_db.main").build();
        for (int serial = 1; serial < 4; serial++) {
            Json.Builder body = Json.obj()
                    .put("outcome", "succeeded")
                    .put(
                            "state",
                            Json.obj()
                                    .put("lineage", "db")
                                    .put("serialBefore", serial)
                                    .put("serialAfter", serial + 1)
                                    .build());
            if (serial != 2) {
                body.put(
                        "changes",
                        Json.obj().put("resources", Json.arr(List.of(resource))).build());
            }
            fixture.append(PredicateType.TERRAFORM_APPLY, "acme/db", "apply-" + serial, body.build());
        }
        fixture.heads();
        export(ExportRequest.of(out("selection"), new Selection.Address("aws_db.main")));

        assertTrusted(out("selection"));
        assertThat(verify(out("selection")).findings()).isEmpty();
    }

    @Test
    void anAttachmentThatAnArtifactNamesComesWithIt() throws Exception {
        byte[] list = "[]".getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.of(Bytes.copyOf(list));
        Json.Obj body = Json.obj()
                .put("outcome", "succeeded")
                .put("changes", Json.obj().put("resourcesSha256", digest).build())
                .build();
        fixture.append(PredicateType.TERRAFORM_APPLY, "acme/db", "a", body).heads();
        Path attachments = temp.resolve("archive/attachments/sha256");
        FixtureArchive.write(fixture, temp.resolve("archive"), 3);
        Files.createDirectories(attachments);
        Files.write(attachments.resolve(digest.hex()), list);
        Files.writeString(attachments.resolve(Digest.of(Bytes.utf8("other")).hex()), "other");

        export(ExportRequest.all(out("bundle")));

        assertThat(FixtureBundle.files(out("bundle")).keySet().stream().filter(name -> name.startsWith("attachments/")))
                .containsExactly("attachments/sha256/" + digest.hex());
        assertTrusted(out("bundle"));
    }

    @Test
    void anOlderCheckpointIsConnectedWithTheHead() throws Exception {
        fixture.apply("acme/infra/prod", 4, 5).heads();
        export(new ExportRequest(
                out("range"),
                new Selection.Range(4, 6),
                List.of(fixture.checkpoint(3), fixture.checkpoint(5)),
                List.of(),
                false,
                List.of()));

        assertThat(out("range").resolve("proofs/consistency/3")).exists();
        assertThat(out("range").resolve("proofs/consistency/5")).exists();
        Trust trust = Trust.byGenesis(fixture.log().genesis());
        Question question = new Question(
                trust, null, fixture.checkpoint(3), null, null, null, false, false, InstantSource.system());
        assertThat(VerifyMain.judge(out("range"), question, new RememberingChecker())
                        .code())
                .isZero();
        Question unconnected = new Question(
                trust, null, fixture.checkpoint(2), null, null, null, false, false, InstantSource.system());
        assertThat(VerifyMain.judge(out("range"), unconnected, new RememberingChecker())
                        .code())
                .isEqualTo(4);
    }

    @Test
    void nothingIsOverwrittenAndNothingIsLeftBehind() throws Exception {
        Files.createDirectory(out("taken"));

        assertThatThrownBy(() -> export(ExportRequest.all(out("taken"))))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("exists and is not overwritten");
        assertThatThrownBy(() -> export(ExportRequest.of(out("far"), new Selection.Range(2, 99))))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("covers 4 entries");
        try (var files = Files.list(temp)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("taken", "archive");
        }
    }

    @Test
    void anArchiveThatWasChangedIsNotExported() throws Exception {
        FixtureArchive.write(fixture, temp.resolve("archive"), 3);
        LogFixture other = LogFixture.small();
        FixtureArchive.write(other, temp.resolve("other"), 3);
        Files.copy(
                temp.resolve("other/segments/00000000000000000000.jsonl"),
                temp.resolve("archive/segments/00000000000000000000.jsonl"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> export(ExportRequest.all(out("bundle"))))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("terraseal verify ARCHIVE")
                .extracting(thrown -> ((ExportException) thrown).kind())
                .isEqualTo(ExportException.Kind.BROKEN);
        assertThat(out("bundle")).doesNotExist();
    }

    @Test
    void whoHasToDoSomethingIsSaid() throws Exception {
        LogFixture young = new LogFixture("terraseal.local/young").apply("acme/infra/prod", 1, 2);
        FixtureArchive.write(young, temp.resolve("young"), 3);
        FixtureArchive.write(fixture, temp.resolve("archive"), 3);

        assertThat(refused(young, "young", new Selection.Range(0, 9))).isEqualTo(ExportException.Kind.ASKED);
        assertThat(refused(young, "young", new Selection.Stream(new StreamId("acme/infra/prod"))))
                .isEqualTo(ExportException.Kind.NOT_YET);
        Files.delete(temp.resolve("archive/segments/00000000000000000000.jsonl"));
        assertThat(refused(fixture, "archive", new Selection.All())).isEqualTo(ExportException.Kind.BROKEN);
    }

    private ExportException.Kind refused(LogFixture log, String archive, Selection selection) throws Exception {
        try (DirectoryStore store = DirectoryStore.open(temp.resolve(archive))) {
            Exporter exporter = new Exporter(
                    store, log.exportKey(), new RememberingChecker(), Instant::now, "0.1.0", Progress.none());
            return assertThatExceptionOfType(ExportException.class)
                    .isThrownBy(() -> exporter.export(ExportRequest.of(out("refused"), selection)))
                    .actual()
                    .kind();
        }
    }

    @Test
    void everyJsonOfABundleIsCanonicalForAnotherImplementationToo() throws Exception {
        Path node = Tool.require("node");
        fixture.rotateAttestKey().batch("acme/infra/dev", 3).heads();
        export(new ExportRequest(out("bundle"), new Selection.All(), List.of(), List.of(), true, List.of()));
        Path script = Path.of("src/test/resources/rfc8785.js").toAbsolutePath();
        Process checking = new ProcessBuilder(
                        node.toString(), script.toString(), out("bundle").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(checking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(checking.waitFor()).as(said).isZero();
        assertThat(said).endsWith(" checked\n").doesNotContain("not canonical").doesNotStartWith("0 ");
        assertTrusted(out("bundle"));
    }
}
