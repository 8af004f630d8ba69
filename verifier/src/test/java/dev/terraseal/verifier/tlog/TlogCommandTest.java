package dev.terraseal.verifier.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteKeyType;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.testkit.log.SeededSigner;
import dev.terraseal.testkit.log.TestKey;
import dev.terraseal.testkit.log.TiledLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlogCommandTest {
    @TempDir
    Path directory;

    private TiledLog log;
    private SignedNote head;
    private String key;

    @BeforeEach
    void aLogOfThirty() {
        log = new TiledLog(directory.resolve("log"));
        for (int i = 0; i < 30; i++) {
            log.append(Bytes.utf8("entry " + i));
            if (i == 19) {
                log.publish();
            }
        }
        head = log.publish();
        key = log.key().text();
    }

    record Answer(int code, String out, String err) {
        String lastLine() {
            assertThat(err).endsWith("\n");
            return err.substring(err.lastIndexOf('\n', err.length() - 2) + 1, err.length() - 1);
        }
    }

    static Answer run(Object... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = TlogCommand.run(
                Arrays.stream(words).map(Object::toString).toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Answer(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Path file(String name, Bytes content) throws IOException {
        return Files.write(directory.resolve(name), content.toByteArray());
    }

    private Path checkpoint() {
        return directory.resolve("log/checkpoint");
    }

    @Test
    void aCheckpointIsOpenedUnderItsLogsKey() {
        Answer answer = run("verify-checkpoint", checkpoint(), "--key", key);
        assertThat(answer.code()).isZero();
        assertThat(answer.out())
                .contains("origin      log.example/test\n")
                .contains("size        30\n")
                .contains("proven      the log stated this size and root\n")
                .contains("not proven  that others see the same history");
        assertThat(answer.lastLine()).isEqualTo("exit 0: everything asked for holds, under the keys given");
    }

    @Test
    void everyFlippedBitOfACheckpointFails() throws IOException {
        byte[] bytes = head.bytes().toByteArray();
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Path file = file("flipped", Bytes.wrap(flipped));
            Answer answer = run("verify-checkpoint", file, "--key", key);
            assertThat(answer.code()).as("bit %d: %s", bit, answer.out()).isEqualTo(4);
            assertThat(answer.out()).contains("FAILED").doesNotContain("\nproven");
        }
    }

    @Test
    void anotherKeyAnotherOriginAndAMissingWitnessFail() {
        String other = VerifierKey.ofLog(TiledLog.ORIGIN, new SeededSigner(KeyUse.LOG, 2).key())
                .text();
        assertThat(run("verify-checkpoint", checkpoint(), "--key", other).code())
                .isEqualTo(4);
        Answer origin = run("verify-checkpoint", checkpoint(), "--key", key, "--origin", "log.example/other");
        assertThat(origin.code()).isEqualTo(4);
        assertThat(origin.out()).contains("'log.example/test', not 'log.example/other'");
        String witness = VerifierKey.ofCosigner("w.example", new SeededSigner(KeyUse.WITNESS, 3).key())
                .text();
        Answer missing = run("verify-checkpoint", checkpoint(), "--key", key, "--witness", witness);
        assertThat(missing.code()).isEqualTo(4);
        assertThat(missing.out()).contains("not cosigned by w.example");
    }

    @Test
    void cosignaturesCountUnderAWitnessKeyOrAPolicy() throws Exception {
        SeededSigner signer = new SeededSigner(KeyUse.WITNESS, 3);
        VerifierKey witness = VerifierKey.ofCosigner("w.example", signer.key());
        Instant at = Instant.parse("2026-11-22T01:02:03Z");
        SignatureLine line = NoteSigner.cosign(head.text(), "w.example", at, signer);
        Path note = file("cosigned", head.with(line).bytes());
        Answer answer = run("verify-checkpoint", note, "--key=" + key, "--witness=" + witness.text());
        assertThat(answer.code()).isZero();
        assertThat(answer.out())
                .contains("cosigned by w.example at 2026-11-22T01:02:03Z")
                .doesNotContain("no cosignature");
        Path policy = file("policy", Bytes.utf8("log " + key + "\nwitness W " + witness.text() + "\nquorum W\n"));
        assertThat(run("verify-checkpoint", note, "--policy", policy).code()).isZero();
        Answer without = run("verify-checkpoint", checkpoint(), "--policy", policy);
        assertThat(without.code()).isEqualTo(4);
        assertThat(without.out()).contains("quorum");
    }

    /** A witness says that it saw a head, and not that the log stated it. */
    @Test
    void aKeyThatCosignsIsNoLogs() throws Exception {
        SeededSigner signer = new SeededSigner(KeyUse.WITNESS, 3);
        VerifierKey witness = VerifierKey.ofCosigner("w.example", signer.key());
        VerifierKey mlDsa =
                new VerifierKey("log.example/test", NoteKeyType.COSIGNATURE_ML_DSA_44, Bytes.wrap(new byte[1312]));
        SignatureLine line = NoteSigner.cosign(head.text(), "w.example", Instant.EPOCH, signer);
        Path alone = file("alone", new SignedNote(head.text(), List.of(line)).bytes());
        for (VerifierKey cosigner : List.of(witness, mlDsa)) {
            Answer asKey = run("verify-checkpoint", alone, "--key", cosigner.text());
            assertThat(asKey.code()).isEqualTo(2);
            assertThat(asKey.err()).contains("--key: this key cosigns");
            Path policy = file("policy", Bytes.utf8("log " + cosigner.text() + "\nquorum none\n"));
            Answer asPolicy = run("verify-checkpoint", alone, "--policy", policy);
            assertThat(asPolicy.code()).isEqualTo(2);
            assertThat(asPolicy.err()).contains(": log " + cosigner.name() + ": this key cosigns");
        }
        assertThat(run("verify-checkpoint", alone, "--key", key).code()).isEqualTo(4);
    }

    @Test
    void theLogsOwnSecondLineIsNobodyElsesWord() throws Exception {
        TestKey second = TestKey.seeded(KeyUse.LOG, Algorithm.ML_DSA_44, 7);
        Checkpoint stated = Checkpoint.parse(head.text());
        SignedNote twice = head.with(NoteSigner.signSecond(stated, Instant.parse("2026-11-22T01:02:03Z"), second));
        String own = VerifierKey.secondOfLog(TiledLog.ORIGIN, second.key()).text();
        Answer answer = run("verify-checkpoint", file("twice", twice.bytes()), "--key", key, "--witness", own);
        assertThat(answer.code()).as(answer.out()).isZero();
        assertThat(answer.out())
                .contains("cosigned by log.example/test at 2026-11-22T01:02:03Z")
                .contains("not proven  that others see the same history: no cosignature but the log's own");
    }

    @Test
    void aKeyOfAnotherNameThanTheOriginIsSaidToBeSo() throws Exception {
        SeededSigner signer = new SeededSigner(KeyUse.LOG, 1);
        VerifierKey named =
                new VerifierKey("else.example", log.key().type(), log.key().publicKey());
        SignatureLine line = new SignatureLine(named.name(), named.keyId(), signer.sign(Bytes.utf8(head.text())));
        Path note = file("named", new SignedNote(head.text(), List.of(line)).bytes());
        String said = "that this key is that log's: its name is else.example, the origin log.example/test";
        Answer text = run("verify-checkpoint", note, "--key", named.text());
        assertThat(text.code()).isZero();
        assertThat(text.out()).contains("not proven  " + said + "\n");
        Answer json = run("verify-checkpoint", note, "--key", named.text(), "--json");
        assertThat(CanonicalJson.parseObject(Bytes.utf8(json.out().strip()))
                        .array("notProven")
                        .strings())
                .contains(said);
    }

    /** A policy that knows a witness without asking for it takes nothing back of what the command line asks. */
    @Test
    void aWitnessAskedForIsRequiredWhateverThePolicySays() throws Exception {
        SeededSigner signer = new SeededSigner(KeyUse.WITNESS, 3);
        String witness = VerifierKey.ofCosigner("w.example", signer.key()).text();
        Path policy = file("policy", Bytes.utf8("log " + key + "\nwitness W " + witness + "\nquorum none\n"));
        assertThat(run("verify-checkpoint", checkpoint(), "--policy", policy).code())
                .isZero();

        Answer asked = run("verify-checkpoint", checkpoint(), "--policy", policy, "--witness", witness);

        assertThat(asked.code()).isEqualTo(4);
        assertThat(asked.out()).contains("not cosigned by w.example");
    }

    @Test
    void jsonIsOneCanonicalObjectThatSaysTheSame() {
        Answer answer = run("verify-checkpoint", checkpoint(), "--key", key, "--json");
        Json.Obj object = CanonicalJson.parseObject(Bytes.utf8(answer.out().strip()));
        assertThat(object.number("code")).isZero();
        assertThat(object.number("size")).isEqualTo(30);
        assertThat(object.string("command")).isEqualTo("tlog verify-checkpoint");
        assertThat(object.array("proven").strings()).containsExactly("the log stated this size and root");
        Answer failed = run("verify-checkpoint", checkpoint(), "--key", key, "--json", "--origin", "x");
        Json.Obj wrong = CanonicalJson.parseObject(Bytes.utf8(failed.out().strip()));
        assertThat(wrong.number("code")).isEqualTo(failed.code()).isEqualTo(4);
        assertThat(wrong.array("findings").strings()).hasSize(1);
        assertThat(wrong.array("proven").strings()).isEmpty();
    }

    @Test
    void aProofFileShowsItsRecordAndNoOther() throws Exception {
        Path proof = file("p.tlog-proof", log.proof(7, 30, head).bytes());
        Path record = file("record", log.entry(7));
        Answer answer = run("verify-proof", proof, "--key", key, "--record", record);
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).contains("proven      the record is entry 7 of the log");
        String leaf = Merkle.leafHash(log.entry(7)).hex();
        assertThat(run("verify-proof", proof, "--key", key, "--leaf-hash", leaf).code())
                .isZero();
        Path other = file("other", log.entry(8));
        Answer wrong = run("verify-proof", proof, "--key", key, "--record", other);
        assertThat(wrong.code()).isEqualTo(4);
        assertThat(wrong.out()).contains("not at index 7 of the tree of 30");
    }

    @Test
    void aStatementOfOurLogsIsLoggedByItsHash() throws Exception {
        Bytes statement = Bytes.utf8("{\"_type\":\"https://in-toto.io/Statement/v1\"}");
        log.append(Digest.of(statement).bytes());
        SignedNote note = log.publish();
        Path proof = file("p.tlog-proof", log.proof(30, 31, note).bytes());
        Path file = file("statement.json", statement);
        assertThat(run("verify-proof", proof, "--key", key, "--statement", file).code())
                .isZero();
        assertThat(run("verify-proof", proof, "--key", key, "--record", file).code())
                .isEqualTo(4);
    }

    @Test
    void twoHeadsOfOneHistoryAreConsistent() throws Exception {
        Path old = directory.resolve("log/checkpoints/20");
        Path lines = file("proof", lines(log.proofs(30).consistency(20)));
        Answer answer = run("verify-consistency", old, checkpoint(), lines, "--key", key);
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).contains("proven      the 20 entries of the old head are the first of the 30");
        assertThat(run("verify-consistency", checkpoint(), old, lines, "--key", key)
                        .code())
                .isEqualTo(4);
        Path empty = file("empty", Bytes.EMPTY);
        assertThat(run("verify-consistency", old, checkpoint(), empty, "--key", key)
                        .code())
                .isEqualTo(4);
        assertThat(run("verify-consistency", old, old, empty, "--key", key).code())
                .isZero();
        byte[] bytes = Files.readAllBytes(lines);
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            Path altered = file("altered", Bytes.wrap(changed));
            assertThat(run("verify-consistency", old, checkpoint(), altered, "--key", key)
                            .code())
                    .as("byte %d", i)
                    .isEqualTo(4);
        }
    }

    @Test
    void twoSignedRootsForOneSizeAreNamedForWhatTheyAre() throws Exception {
        SeededSigner signer = new SeededSigner(KeyUse.LOG, 1);
        Checkpoint forked = new Checkpoint(TiledLog.ORIGIN, 30, Digest.of(Bytes.utf8("another history")));
        Path fork = file("fork", NoteSigner.sign(forked, signer).bytes());
        Path empty = file("empty", Bytes.EMPTY);
        Answer answer = run("verify-consistency", fork, checkpoint(), empty, "--key", key);
        assertThat(answer.code()).isEqualTo(4);
        assertThat(answer.out()).contains("two roots for one size").contains("keep both files");
    }

    @Test
    void aHeadOfSizeZeroIsNoOldHead() throws Exception {
        Checkpoint birth = new Checkpoint(TiledLog.ORIGIN, 0, Merkle.EMPTY_ROOT);
        Path zero = file(
                "zero", NoteSigner.sign(birth, new SeededSigner(KeyUse.LOG, 1)).bytes());
        Path empty = file("empty", Bytes.EMPTY);
        assertThat(run("verify-checkpoint", zero, "--key", key).code()).isZero();
        assertThat(run("verify-consistency", zero, checkpoint(), empty, "--key", key)
                        .code())
                .isEqualTo(4);
        assertThat(run("verify-consistency", zero, zero, empty, "--key", key).code())
                .isEqualTo(4);
    }

    @Test
    void wrongUsageIsTwoAndSaysWhatToDo() throws IOException {
        List<List<Object>> wrong = List.of(
                List.of(),
                List.of("verify"),
                List.of("verify-checkpoint"),
                List.of("verify-checkpoint", checkpoint()),
                List.of("verify-checkpoint", checkpoint(), checkpoint(), "--key", key),
                List.of("verify-checkpoint", directory.resolve("absent"), "--key", key),
                List.of("verify-checkpoint", directory, "--key", key),
                List.of("verify-checkpoint", checkpoint(), "--key"),
                List.of("verify-checkpoint", checkpoint(), "--key", "nonsense"),
                List.of("verify-checkpoint", checkpoint(), "--key", key, "--key", key),
                List.of("verify-checkpoint", checkpoint(), "--key", key, "--record", "x"),
                List.of("verify-checkpoint", checkpoint(), "--key", key, "--witness", key),
                List.of("verify-checkpoint", checkpoint(), "--policy", checkpoint()),
                List.of("verify-proof", checkpoint(), "--key", key),
                List.of("verify-proof", checkpoint(), "--key", key, "--leaf-hash", "AB"),
                List.of("verify-consistency", checkpoint(), checkpoint(), "--key", key),
                List.of("fsck", directory.resolve("absent"), "--key", key));
        for (List<Object> words : wrong) {
            Answer answer = run(words.toArray());
            assertThat(answer.code()).as("%s", words).isEqualTo(2);
            assertThat(answer.out()).isEmpty();
            assertThat(answer.err()).contains("--help");
            assertThat(answer.lastLine()).isEqualTo("exit 2: wrong usage or configuration");
        }
    }

    @Test
    void helpHasAnExampleForEachCommand() {
        for (String command : List.of("verify-checkpoint", "verify-proof", "verify-consistency", "fsck")) {
            Answer answer = run(command, "--help");
            assertThat(answer.code()).isZero();
            assertThat(answer.out())
                    .contains("Example:\n  terraseal tlog " + command)
                    .contains("Exit codes:");
        }
        assertThat(run("--help").out()).contains("verify-consistency OLD NEW PROOF");
    }

    @Test
    void anMlDsaCosignatureIsCheckedThoughThisPlatformHasNone() throws IOException {
        assertThat(java.security.Security.getAlgorithms("Signature")).doesNotContain("ML-DSA");
        VerifierKey mlDsa = new VerifierKey("w.example", NoteKeyType.COSIGNATURE_ML_DSA_44, Bytes.wrap(new byte[1312]));
        SignatureLine line = new SignatureLine("w.example", mlDsa.keyId(), Bytes.wrap(new byte[8 + 2420]));
        Path note = file("cosigned", head.with(line).bytes());
        Answer answer = run("verify-checkpoint", note, "--key", key, "--witness", mlDsa.text());
        assertThat(answer.code()).isEqualTo(4);
        assertThat(answer.out()).contains("does not verify").doesNotContain("\nproven");
        assertThat(run("verify-checkpoint", note, "--key", key).code())
                .as("an unknown line is ignored")
                .isZero();
    }

    @Test
    void textOfANoteDoesNotSteerTheTerminal() throws Exception {
        SeededSigner signer = new SeededSigner(KeyUse.LOG, 1);
        String text = "log.example/test\n1\n" + Merkle.EMPTY_ROOT.base64() + "\nx\u009b31mred\u202e\n";
        SignedNote note = new SignedNote(
                text, List.of(new SignatureLine(log.key().name(), log.key().keyId(), signer.sign(Bytes.utf8(text)))));
        Answer answer = run("verify-checkpoint", file("steering", note.bytes()), "--key", key);
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).contains("extensions  x?31mred?\n");
    }

    static Bytes lines(List<Digest> hashes) {
        List<String> lines = new ArrayList<>();
        hashes.forEach(hash -> lines.add(hash.base64() + "\n"));
        return Bytes.utf8(String.join("", lines));
    }
}
