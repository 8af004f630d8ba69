package dev.terraseal.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.FixtureEntry;
import dev.terraseal.testkit.log.LogFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptFileTest {
    private final LogFixture fixture = LogFixture.small();

    @TempDir
    private Path temp;

    private Receipt receipt(int sequence, boolean proven) throws Exception {
        FixtureEntry entry = fixture.entries().get(sequence);
        Receipt.Signed signed = entry.batch() >= 0
                ? new Receipt.InBatch(fixture.batches().get(entry.batch()), entry.path(), entry.statement())
                : new Receipt.Own(new Envelope(Dsse.STATEMENT, entry.statement(), entry.signatures()));
        long size = fixture.size();
        TlogProof proof = proven
                ? new TlogProof(sequence, fixture.proofs(size).inclusion(sequence), fixture.checkpoint(size))
                : null;
        return new Receipt(fixture.log(), signed, proof, keyEvents(proven ? size : sequence, size, proven));
    }

    private List<Receipt.ProvenKeyEvent> keyEvents(long below, long size, boolean proven) throws Exception {
        List<Receipt.ProvenKeyEvent> out = new ArrayList<>();
        for (int i = 0; i < below; i++) {
            Bytes statement = fixture.entries().get(i).statement();
            if (Statement.parse(statement).stream().equals(StreamId.KEYS)) {
                out.add(new Receipt.ProvenKeyEvent(
                        statement, proven ? fixture.proofs(size).inclusion(i) : List.of()));
            }
        }
        return out;
    }

    private static Receipt with(Receipt receipt, List<Receipt.ProvenKeyEvent> keyEvents) {
        return new Receipt(receipt.log(), receipt.signed(), receipt.proof(), keyEvents);
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
            assertRefused(with(whole, fewer), "without key event " + left);
        }
        assertRefused(with(whole, List.of()), "without any");
        assertRefused(with(whole, List.of(shown.get(1), shown.get(0), shown.get(2))), "in another order");
        assertRefused(
                with(
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
                with(
                        whole,
                        List.of(new Receipt.ProvenKeyEvent(
                                statement, shown.get(0).path()))),
                "of another log");
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
}
