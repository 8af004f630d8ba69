package dev.terraseal.bench.verify;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.chain.Appended;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import java.time.Duration;
import java.util.List;

/** The receipt of the first entry of a new log, with its proof. */
final class ReceiptMaker {
    private ReceiptMaker() {}

    /** A receipt and the genesis it is trusted by. */
    record Made(Bytes bytes, Digest genesis) {}

    static Made make() throws java.io.IOException {
        BenchKeys keys = BenchKeys.fresh();
        LogOrigin origin = new LogOrigin("terraseal.local/bench");
        Timestamp now = Timestamp.parse("2026-11-22T01:00:00.000Z");
        LogDeclaration log = LogDeclaration.of(new LogDeclaration.Fields(
                origin,
                Digest.of(keys.attest().key().spki()).bytes(),
                now,
                keys.declared(),
                1,
                List.of(keys.authority().key().keyid()),
                512 * 1024,
                64,
                Duration.ofMinutes(10),
                Duration.ofDays(3650),
                null));
        Event event = new Event(
                PredicateType.TERRAFORM_APPLY,
                new StreamId("acme/infra/prod"),
                new EventId("apply-1"),
                now,
                Bytes.utf8("[{\"digest\":{\"sha256\":\"" + "ab".repeat(32) + "\"},\"name\":\"tfplan\"}]"),
                Bytes.utf8("{\"outcome\":\"succeeded\"}"),
                null,
                null,
                null,
                null);
        try {
            Appended appended = new Chain().append(LogHead.birth(origin, log.genesis()), null, event, now);
            Bytes signature = keys.attest().sign(Dsse.pae(Dsse.STATEMENT, appended.statement()));
            Envelope envelope = new Envelope(
                    Dsse.STATEMENT,
                    appended.statement(),
                    List.of(new DsseSignature(keys.attest().key().keyid(), signature)));
            Checkpoint head = new Checkpoint(origin, 1, Merkle.leafHash(appended.entryHash()));
            TlogProof proof = new TlogProof(0, List.of(), NoteSigner.sign(head, keys.log()));
            return new Made(new Receipt(log, new Receipt.Own(envelope), proof).bytes(), log.genesis());
        } catch (SigningException broken) {
            throw new java.io.IOException("the benchmark's receipt could not be signed", broken);
        }
    }
}
