package dev.terraseal.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteKeyId;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.receipt.ReceiptCheck;
import dev.terraseal.core.receipt.ReceiptVerification;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.tsa.TestAuthority;
import dev.terraseal.verifier.receipt.Receipts;
import dev.terraseal.verifier.trust.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptFileTest {
    private final LogFixture fixture = LogFixture.small();

    @TempDir
    private Path temp;

    private Receipt receipt(int sequence, boolean proven) {
        return Receipts.of(fixture, sequence, proven);
    }

    @Test
    void aReceiptOverRotationsShowsTheKeyEventsItNeeds() throws Exception {
        fixture.rotateAttestKey().apply("acme/infra/prod", 4, 5).rotateLogKey().rotateAttestKey();
        fixture.apply("acme/infra/prod", 5, 6).heads();
        int last = fixture.size() - 2;
        Receipt whole = receipt(last, true);
        assertThat(Receipt.parse(whole.bytes()).bytes()).isEqualTo(whole.bytes());
        Run run = verify(whole.bytes(), "--genesis", fixture.log().genesis());
        assertThat(run.code()).as(run.out()).isZero();
        assertThat(run.out()).contains("3 shown and authorised");
        assertThat(verify(
                                receipt(last, false).bytes(),
                                "--genesis",
                                fixture.log().genesis())
                        .code())
                .isEqualTo(5);

        List<Receipt.ProvenKeyEvent> shown = whole.keyEvents();
        for (int left = 0; left < shown.size(); left++) {
            List<Receipt.ProvenKeyEvent> fewer = new ArrayList<>(shown);
            fewer.remove(left);
            assertRefused(Receipts.with(whole, fewer), "without key event " + left);
        }
        assertRefused(Receipts.with(whole, List.of()), "without any");
        assertRefused(Receipts.with(whole, List.of(shown.get(1), shown.get(0), shown.get(2))), "in another order");
        assertRefused(
                Receipts.with(
                        whole,
                        List.of(
                                shown.get(0),
                                shown.get(1),
                                new Receipt.ProvenKeyEvent(
                                        shown.get(2).statement(), shown.get(1).path()))),
                "with a path that leads elsewhere");
        LogFixture forged = LogFixture.small().forgeRotation(fixture.attestKey());
        Bytes statement = forged.entries().get(4).statement();
        assertRefused(
                Receipts.with(
                        whole,
                        List.of(new Receipt.ProvenKeyEvent(
                                statement, shown.get(0).path()))),
                "of another log");
    }

    /** A revocation reaches back, so that what the receipt is itself of must be among what it shows. */
    @Test
    void aReceiptOfAKeyEventDoesNotHideIt() throws Exception {
        fixture.rotateAttestKey().revoke(fixture.logKey(), 2);
        int last = fixture.size() - 1;
        for (boolean proven : new boolean[] {true, false}) {
            Receipt whole = receipt(last, proven);
            List<Receipt.ProvenKeyEvent> shown = whole.keyEvents();
            List<Receipt.ProvenKeyEvent> fewer = shown.subList(0, shown.size() - 1);
            assertHidden(Receipts.with(whole, fewer));
            assertHidden(Receipts.with(whole, List.of()));
            // The log's key is compromised by its own newest entry, which a promise has no checkpoint for.
            assertThat(verify(whole.bytes(), "--genesis", fixture.log().genesis(), "--json")
                            .out())
                    .doesNotContain("key-event-hidden")
                    .contains(proven ? "\"name\":\"suspect\"" : "\"code\":5");
        }
        Receipt first = receipt(4, true);
        assertThat(verify(first.bytes(), "--genesis", fixture.log().genesis(), "--json")
                        .out())
                .doesNotContain("key-event-hidden");
    }

    private void assertHidden(Receipt receipt) throws IOException {
        Run run = verify(receipt.bytes(), "--genesis", fixture.log().genesis(), "--json", "--all");
        assertThat(run.code()).as(run.out()).isEqualTo(4);
        assertThat(run.out()).contains("\"layer\":\"key-events\",").contains("\"name\":\"key-event-hidden\"");
        assertThat(ReceiptVerification.check(receipt, fixture.log().genesis(), new SignatureChecker(null)))
                .isInstanceOf(ReceiptCheck.Refused.class);
    }

    @Test
    void aReceiptByAKeyThatItShowsToHaveBeenCompromisedIsSuspect() throws Exception {
        fixture.revoke(fixture.logKey(), 2);
        assertSuspect("checkpoint", 1);

        fixture.rotateLogKey().revokeFirstAttestKey(3).rotateAttestKey().heads();
        assertSuspect("signatures", 3);
        assertThat(verify(receipt(1, true).bytes(), "--genesis", fixture.log().genesis())
                        .code())
                .isZero();
    }

    private void assertSuspect(String layer, int sequence) throws Exception {
        Run run = verify(
                receipt(sequence, true).bytes(), "--genesis", fixture.log().genesis(), "--json");
        assertThat(run.code()).as(run.out()).isEqualTo(4);
        assertThat(run.out()).contains("\"layer\":\"" + layer + "\",").contains("\"name\":\"suspect\"");
    }

    private void assertRefused(Receipt receipt, String what) throws IOException {
        assertThat(verify(receipt.bytes(), "--genesis", fixture.log().genesis()).code())
                .as(what)
                .isEqualTo(4);
    }

    private Run verify(Bytes receipt, Object... options) throws IOException {
        Path file = temp.resolve("1.receipt.json");
        Files.write(file, receipt.toByteArray());
        Object[] all = new Object[options.length + 1];
        all[0] = file;
        System.arraycopy(options, 0, all, 1, options.length);
        return Run.verify(all);
    }

    @Test
    void aReceiptWithItsProofIsTrustedUnderTheGenesis() throws Exception {
        Run run = verify(receipt(1, true).bytes(), "--genesis", fixture.log().genesis(), "--at-least", 4);

        assertThat(run.out())
                .contains(
                        "Statement valid                 entry 1 of terraseal.local/e07c41d2, entry 1 of stream acme/infra/prod\n")
                .contains("Inclusion valid                 entry 1 is under this head\n")
                .contains("Requests met                    size at least 4\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void aReceiptOfABatchedEntryIsTrustedToo() throws Exception {
        fixture.batch("acme/infra/dev", 5);

        assertThat(verify(receipt(6, true).bytes(), "--genesis", fixture.log().genesis())
                        .code())
                .isZero();
    }

    @Test
    void aReceiptWithoutAProofIsAPromiseAndNotTrusted() throws Exception {
        Run run = verify(receipt(1, false).bytes(), "--genesis", fixture.log().genesis());

        assertThat(run.code()).isEqualTo(5);
        assertThat(run.out()).contains("signed, not yet in a checkpoint: a promise to put it at entry 1");
        assertThat(verify(receipt(1, false).bytes(), "--genesis", fixture.log().genesis(), "--at-least", 1)
                        .code())
                .isEqualTo(4);
    }

    @Test
    void aReceiptOfAnotherLogIsRefused() throws Exception {
        assertThat(verify(
                                receipt(1, true).bytes(),
                                "--genesis",
                                LogFixture.small().log().genesis())
                        .code())
                .isEqualTo(4);
    }

    @Test
    void itsBytesAreReadBackAsTheyWere() throws Exception {
        fixture.batch("acme/infra/dev", 3);
        for (int i = 0; i < fixture.size(); i++) {
            Bytes bytes = receipt(i, i % 2 == 0).bytes();
            assertThat(Receipt.parse(bytes).bytes()).isEqualTo(bytes);
        }
    }

    @Test
    void aReceiptWithAnyBitChangedIsRefused() throws Exception {
        byte[] whole = receipt(1, true).bytes().toByteArray();
        Random random = new Random(20261122);
        for (int i = 0; i < 150; i++) {
            byte[] broken = whole.clone();
            int at = random.nextInt(broken.length);
            broken[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(verify(Bytes.copyOf(broken), "--genesis", fixture.log().genesis())
                            .code())
                    .as("byte %d (seed 20261122)", at)
                    .isEqualTo(4);
        }
    }

    /** Nothing authenticates what a proof file may hold beside the proof, and no log writes it into a receipt. */
    @Test
    void aReceiptHoldsNothingThatNobodyLooksAt() throws Exception {
        Receipt whole = receipt(1, true);
        TlogProof proof = Objects.requireNonNull(whole.proof());
        TlogProof extra = new TlogProof(Bytes.utf8("more"), proof.index(), proof.path(), proof.checkpoint());
        Run run = verify(
                new Receipt(whole.log(), whole.signed(), extra, whole.keyEvents()).bytes(),
                "--genesis",
                fixture.log().genesis());
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.out()).contains("'proof' has an extra line");

        SignatureLine junk = new SignatureLine(
                fixture.log().origin().value(), new NoteKeyId(7), Bytes.wrap(new byte[Long.BYTES * 9]));
        Receipt told = Receipts.under(fixture, 1, proof.checkpoint().with(junk));
        Run beside = verify(told.bytes(), "--genesis", fixture.log().genesis());
        assertThat(beside.code()).as(beside.out()).isZero();
        assertThat(beside.out()).contains("size 4; 1 more lines by keys not given here, not checked\n");
    }

    @Test
    void aReceiptSaysOfWithdrawnKeysThatItCannotKnow() throws Exception {
        Run run = verify(receipt(1, true).bytes(), "--genesis", fixture.log().genesis(), "--json");
        assertThat(run.code()).isZero();
        assertThat(array(run, "notProven"))
                .contains("that no key was withdrawn, at any entry: a receipt shows the key events its maker put in")
                .doesNotContain("that the entry is in the log: no checkpoint covers it yet");
        assertThat(run.out()).contains("none shown; that there is none a receipt cannot show");
    }

    @Test
    void aPromiseSaysThatTheEntryIsNotShownToBeInTheLog() throws Exception {
        Bytes promise = receipt(1, false).bytes();
        Run run = verify(promise, "--genesis", fixture.log().genesis(), "--json");
        assertThat(run.code()).isEqualTo(5);
        assertThat(array(run, "notProven")).contains("that the entry is in the log: no checkpoint covers it yet");
        String meaning =
                "signed by a key of the log that was given, and no checkpoint covers it yet: a promise to put it"
                        + " there";
        assertThat(run.out()).contains("\"meaning\":\"" + meaning + "\"").contains("\"verdict\":\"promised\"");
        assertThat(run.err()).isEqualTo("terraseal verify: exit 5: " + meaning + "\n");
        assertThat(verify(promise, "--json").out()).contains("nothing was given to trust it by");
        assertThat(verify(promise, "--integrity-only").code()).isZero();
    }

    private static List<String> array(Run run, String member) {
        return CanonicalJson.parseObject(Bytes.utf8(run.out().strip()))
                .array(member)
                .strings();
    }

    /** An entry in a bundle is signed by all its keys; so is a receipt. */
    @Test
    void aSecondSignatureCountsForWhatATrustFileAsks() throws Exception {
        fixture.addSecondKey(KeyUse.ATTEST).apply("acme/infra/prod", 4, 5).batch("acme/infra/dev", 2);
        String broken = "\"brokenAlgorithms\":[{\"after\":\"2026-01-01T00:00:00.000Z\",\"algorithm\":\"%s\"}]";
        String both = "\"require\":[{\"from\":5,\"use\":\"attest\",\"algorithms\":[%s]}]";
        for (int sequence : new int[] {5, 7}) {
            for (String demand : new String[] {
                both.formatted("\"ECDSA_SHA_256\",\"ML_DSA_65\""),
                both.formatted("\"ML_DSA_65\""),
                broken.formatted("ECDSA_SHA_256"),
                broken.formatted("ML_DSA_65")
            }) {
                Run run = trusting(receipt(sequence, true), demand);
                assertThat(run.code()).as("%s: %s", demand, run.out()).isZero();
                assertThat(run.out())
                        .contains("Signature valid                 attest keys ")
                        .contains("… ECDSA_SHA_256")
                        .contains("… ML_DSA_65");
            }
            assertThat(trusting(receipt(sequence, true), both.formatted("\"ML_DSA_44\""))
                            .out())
                    .contains("the trust file requires [ML_DSA_44]");
        }
        assertThat(trusting(receipt(1, true), broken.formatted("ECDSA_SHA_256")).code())
                .isEqualTo(4);
    }

    @Test
    void whatAReceiptCannotHoldIsAskedOfABundle() throws Exception {
        Json.Str certificate = new Json.Str(TestAuthority.seeded("tsa", 400).rootPem());
        String authorities =
                "\"timeAuthorities\":[{\"root\":" + certificate.bytes().utf8() + "}]";
        Run time = trusting(receipt(1, true), authorities);
        assertThat(time.code()).isEqualTo(4);
        assertThat(time.out()).contains("a receipt holds no time-stamp token: ask for a bundle with this entry");

        String seen = "\"lastSeen\":{\"size\":%d,\"root\":\"%s\"}";
        Run older = trusting(
                receipt(1, true), seen.formatted(2, fixture.proofs(2).root().base64()));
        assertThat(older.code()).isEqualTo(4);
        assertThat(older.out()).contains("connects size 2 with its head: ask for a bundle with this entry");
        assertThat(trusting(
                                receipt(1, true),
                                seen.formatted(4, fixture.proofs(4).root().base64()))
                        .code())
                .isZero();
    }

    private Run trusting(Receipt receipt, String demand) throws IOException {
        Path trust = Files.writeString(
                temp.resolve("trust.json"),
                "{\"format\":1,\"origin\":\"" + fixture.log().origin() + "\",\"genesis\":\""
                        + fixture.log().genesis() + "\"," + demand + "}");
        return verify(receipt.bytes(), "--trust", trust);
    }

    @Test
    void allListsWhatEveryLayerFinds() throws Exception {
        Receipt one = receipt(1, true);
        Receipt two = receipt(2, true);
        TlogProof proof = Objects.requireNonNull(one.proof());
        SignedNote head = proof.checkpoint();
        SignatureLine line = head.lines().get(0);
        SignedNote forged = new SignedNote(
                head.text(), List.of(new SignatureLine(line.name(), line.keyId(), Bytes.wrap(new byte[64]))));
        Receipt broken = new Receipt(one.log(), two.signed(), new TlogProof(1, proof.path(), forged), one.keyEvents());
        Run run = verify(broken.bytes(), "--genesis", fixture.log().genesis(), "--all", "--json", "--at-least", 9);
        assertThat(run.code()).isEqualTo(4);
        List<String> names =
                CanonicalJson.parseObject(Bytes.utf8(run.out().strip())).array("findings").objects().stream()
                        .map(finding -> finding.string("layer") + " " + finding.string("name"))
                        .toList();
        assertThat(names)
                .containsExactly(
                        "chain wrong-place",
                        "checkpoint bad-checkpoint",
                        "inclusion not-included",
                        "requests request-not-met");
    }

    /** The head is opened by a thread of its own, and whoever waits for it is told what became of it. */
    @Test
    void anErrorInTheHeadsThreadIsTheVerifiersOwn() throws Exception {
        Path file = Files.write(
                temp.resolve("1.receipt.json"), receipt(1, true).bytes().toByteArray());
        SignatureChecker exhausted = new SignatureChecker(null) {
            @Override
            public boolean verify(DeclaredKey key, Bytes message, Bytes signature) throws UncheckableException {
                if (key.use() == KeyUse.LOG) {
                    throw new OutOfMemoryError("planted");
                }
                return super.verify(key, message, signature);
            }
        };
        assertThatThrownBy(() -> VerifyMain.judge(file, Question.INTEGRITY, exhausted))
                .isInstanceOf(OutOfMemoryError.class)
                .extracting(Broken::told)
                .asString()
                .startsWith("this Java has too little memory for it");
    }
}
