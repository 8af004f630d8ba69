package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.merkle.RangeProof;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.testkit.log.FixtureBundle;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.entries.Requirement;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Careful forgeries, each sealed with the real export key: what one layer alone would have believed. */
class ForgeryTest {
    private final LogFixture fixture = LogFixture.small();
    private final SignatureChecker checker = new SignatureChecker(null);

    @TempDir
    private Path temp;

    private MemoryFiles whole() throws IOException {
        FixtureBundle.whole(fixture, temp.resolve("whole"));
        return MemoryFiles.read(temp.resolve("whole"));
    }

    private MemoryFiles range(int first, int end) throws IOException {
        Path directory = temp.resolve(first + "-" + end);
        FixtureBundle.range(fixture, directory, first, end);
        return MemoryFiles.read(directory);
    }

    private Verdict verify(MemoryFiles files) throws IOException {
        return verify(files, Question.under(Trust.byGenesis(fixture.log().genesis())));
    }

    private Verdict verify(MemoryFiles files, Question question) throws IOException {
        return new BundleVerification(files.reseal(fixture), question, checker, 0).run();
    }

    private static List<FindingName> names(Verdict verdict) {
        return verdict.findings().stream().map(Finding::name).toList();
    }

    private void assertRefused(MemoryFiles files, FindingName name) throws IOException {
        Verdict verdict = verify(files);
        assertThat(verdict.code()).as("%s", verdict.findings()).isEqualTo(4);
        assertThat(names(verdict)).contains(name);
    }

    @Test
    void aHashMovedFromLeftToRightIsRefused() throws Exception {
        RangeProof proof = fixture.proofs(4).range(1, 2);
        List<dev.terraseal.core.bytes.Digest> right = new ArrayList<>(proof.left());
        right.addAll(proof.right());
        MemoryFiles files = range(1, 2).put("proofs/range.json", new RangeProof(1, 2, List.of(), right).bytes());

        assertRefused(files, FindingName.NOT_INCLUDED);
    }

    @Test
    void aRangeThatEndsWhereItBeginsOrBeyondTheTreeIsRefused() throws Exception {
        String text = new String(whole().get("proofs/range.json"), StandardCharsets.UTF_8);
        assertRefused(
                whole().put(
                                "proofs/range.json",
                                text.replace("\"end\":4", "\"end\":0").getBytes(StandardCharsets.UTF_8)),
                FindingName.NOT_INCLUDED);
        assertRefused(
                whole().put(
                                "proofs/range.json",
                                text.replace("\"end\":4", "\"end\":5").getBytes(StandardCharsets.UTF_8)),
                FindingName.NOT_INCLUDED);
    }

    @Test
    void aCheckpointOfTheSameKeyWithAnotherRootOrOriginIsRefused() throws Exception {
        Checkpoint forked =
                new Checkpoint(fixture.log().origin(), 4, dev.terraseal.core.bytes.Digest.of(Bytes.utf8("fork")));
        assertRefused(
                whole().put(
                                "checkpoint",
                                NoteSigner.sign(forked, fixture.logKey()).bytes()),
                FindingName.NOT_INCLUDED);
        Checkpoint renamed = new Checkpoint(
                new LogOrigin("terraseal.local/other"), 4, fixture.proofs(4).root());
        assertRefused(
                whole().put(
                                "checkpoint",
                                NoteSigner.sign(renamed, fixture.logKey()).bytes()),
                FindingName.BAD_CHECKPOINT);
    }

    @Test
    void aHeadThatIsNewerThanTheManifestSaysIsACountMismatch() throws Exception {
        MemoryFiles files = range(0, 4);
        fixture.apply("acme/infra/prod", 4, 5);
        files.put("checkpoint", fixture.checkpoint(5).bytes())
                .put("proofs/range.json", fixture.proofs(5).range(0, 4).bytes());
        files.remove("key-events/proofs/entries.jsonl");

        Verdict verdict = verify(files);

        assertThat(verdict.code()).isEqualTo(4);
    }

    @Test
    void aPartWithoutItsKeyEventsIsRefused() throws Exception {
        MemoryFiles files = range(0, 3);
        for (String name : files.names()) {
            if (name.startsWith("key-events/")) {
                files.remove(name);
            }
        }
        assertRefused(files, FindingName.MISSING_FILE);
    }

    @Test
    void aRevocationTakenOutWithItsSignatureAndProofIsMissed() throws Exception {
        fixture.revokeFirstAttestKey(99)
                .signingWith(fixture.attestKey())
                .rotateAttestKey()
                .heads();
        MemoryFiles files = range(0, 3).remove("key-events/artifacts/00000000000000000004.json");
        for (String name : List.of("key-events/signatures.jsonl", "key-events/proofs/entries.jsonl")) {
            String text = new String(files.get(name), StandardCharsets.UTF_8);
            files.put(name, Bytes.utf8(text.substring(text.indexOf('\n') + 1)));
        }

        assertRefused(files, FindingName.MALFORMED);
    }

    @Test
    void aKeyEventAfterTheNewestHeadsEntryIsShownAndHidingItIsSeen() throws Exception {
        fixture.revokeFirstAttestKey(99);
        assertThat(verify(range(3, 5)).code()).isZero();

        MemoryFiles files = range(3, 5).remove("key-events/artifacts/00000000000000000004.json");
        for (String name : List.of("key-events/signatures.jsonl", "key-events/proofs/entries.jsonl")) {
            String text = new String(files.get(name), StandardCharsets.UTF_8);
            files.put(name, Bytes.utf8(text.substring(0, text.indexOf('\n') + 1)));
        }

        assertRefused(files, FindingName.KEY_EVENT_HIDDEN);
    }

    @Test
    void anEntrySignedByACompromisedKeyIsSuspect() throws Exception {
        fixture.revokeFirstAttestKey(2).heads();

        Verdict verdict = verify(whole());

        assertThat(verdict.code()).isEqualTo(4);
        assertThat(names(verdict)).contains(FindingName.SUSPECT);
    }

    @Test
    void aKeyOfAnotherUseSignsNoStatement() throws Exception {
        fixture.signingWith(fixture.ingestKey())
                .apply("acme/infra/prod", 4, 5)
                .signingWith(fixture.attestKey())
                .heads();

        assertRefused(whole(), FindingName.UNKNOWN_KEY);
    }

    @Test
    void aRetiredKeySignsNothingAfterItsSuccessor() throws Exception {
        fixture.rotateAttestKey().signingWith(fixture.attestKey()).apply("acme/infra/prod", 4, 5);

        fixture.heads();

        assertRefused(whole(), FindingName.UNKNOWN_KEY);
    }

    @Test
    void anAttestKeySealsNoCheckpoint() throws Exception {
        MemoryFiles files = whole();
        byte[] checkpoint = files.get("checkpoint");
        String text = new String(checkpoint, StandardCharsets.UTF_8);
        Bytes signed = Bytes.utf8(text.substring(0, text.indexOf("\n\n") + 1));
        String line = text.substring(text.indexOf("\n\n") + 2).trim();
        byte[] keyId = java.util.Base64.getDecoder().decode(line.substring(line.lastIndexOf(' ') + 1));
        Bytes forged =
                Bytes.concat(Bytes.copyOf(keyId, 0, 4), fixture.ingestKey().signOrFail(signed));
        String other = text.substring(0, text.lastIndexOf(' ') + 1) + forged.base64() + "\n";

        assertRefused(files.put("checkpoint", Bytes.utf8(other)), FindingName.BAD_CHECKPOINT);
    }

    @Test
    void aStreamThatBeginsTwiceIsAForkInTheStream() throws Exception {
        fixture.forkStream("acme/infra/prod").apply("acme/infra/prod", 1, 2).heads();

        assertRefused(whole(), FindingName.BROKEN_STREAM);
    }

    @Test
    void aHeadsEntryThatLeavesAStreamOutIsRefused() throws Exception {
        fixture.apply("acme/infra/dev", 1, 2).headsWithout("acme/infra/dev");

        assertRefused(whole(), FindingName.BAD_HEADS);
    }

    @Test
    void aVerifiedIdentityThatNoIngestKeySignedIsRefused() throws Exception {
        Json.Obj verified = Json.obj().put("issuer", "https://ci").build();
        Json.Obj source = Json.obj()
                .put("verified", verified)
                .put(
                        "verifiedBy",
                        Json.obj()
                                .put("keyid", fixture.ingestKey().key().keyid().hex())
                                .put(
                                        "sig",
                                        fixture.ingestKey()
                                                .signOrFail(Bytes.utf8("something else"))
                                                .base64())
                                .build())
                .build();
        fixture.append(event(source)).heads();

        assertRefused(whole(), FindingName.BAD_SIGNATURE);
    }

    @Test
    void aVerifiedIdentityThatIngestSignedHolds() throws Exception {
        Json.Obj verified = Json.obj().put("issuer", "https://ci").build();
        Bytes payload = Json.obj()
                .put("contentSha256", event(null).contentDigest())
                .put("genesis", fixture.log().genesis())
                .put("verified", verified)
                .build()
                .bytes();
        Bytes signature = fixture.ingestKey().signOrFail(Dsse.pae(Dsse.IDENTITY, payload));
        Json.Obj by = Json.obj()
                .put("keyid", fixture.ingestKey().key().keyid().hex())
                .put("sig", signature.base64())
                .build();
        fixture.append(event(Json.obj()
                        .put("verified", verified)
                        .put("verifiedBy", by)
                        .build()))
                .heads();

        assertThat(verify(whole()).code()).isZero();
    }

    private static Event event(Json.Obj source) {
        return new Event(
                PredicateType.TERRAFORM_APPLY,
                new StreamId("acme/infra/prod"),
                new EventId("with-identity"),
                LogFixture.BEGIN,
                Bytes.utf8("[{\"digest\":{\"sha256\":\"" + "ab".repeat(32) + "\"},\"name\":\"tfplan\"}]"),
                Bytes.utf8("{\"outcome\":\"succeeded\"}"),
                source == null ? null : source.bytes(),
                null,
                null,
                null);
    }

    @Test
    void aBatchSignatureForAnotherPayloadTypeIsRefused() throws Exception {
        fixture.batch("acme/infra/dev", 2).heads();
        MemoryFiles files = whole();
        String line = new String(files.get("batches.jsonl"), StandardCharsets.UTF_8);
        Json.Obj envelope = CanonicalJson.parseObject(Bytes.utf8(line.trim()));
        Bytes payload = envelope.base64("payload");
        Bytes signature = fixture.attestKey().signOrFail(Dsse.pae(Dsse.STATEMENT, payload));
        Json.Obj signed = Json.obj()
                .put("keyid", fixture.attestKey().key().keyid().hex())
                .put("sig", signature.base64())
                .build();
        Json.Obj forged = Json.obj()
                .put("payload", payload.base64())
                .put("payloadType", Dsse.STATEMENT)
                .put("signatures", Json.arr(List.of(signed)))
                .build();

        assertRefused(
                files.put("batches.jsonl", Bytes.concat(forged.bytes(), Bytes.utf8("\n"))), FindingName.BAD_BATCH);
    }

    @Test
    void aTruncatedLogUnderAnOlderHeadHoldsAndSizeDemandsRefuseIt() throws Exception {
        MemoryFiles files = whole();
        fixture.apply("acme/infra/prod", 4, 5).heads();
        Trust trust = Trust.byGenesis(fixture.log().genesis());

        assertThat(verify(files).code()).isZero();
        assertThat(verify(
                                files,
                                new Question(
                                        trust,
                                        null,
                                        null,
                                        6L,
                                        null,
                                        null,
                                        false,
                                        false,
                                        java.time.InstantSource.system()))
                        .code())
                .isEqualTo(4);
        Trust seen = Trust.byGenesis(fixture.log().genesis())
                .havingSeen(new Trust.LastSeen(6, fixture.proofs(6).root()));
        assertThat(verify(files, Question.under(seen)).code()).isEqualTo(4);
    }

    @Test
    void anotherHistoryThanTheOneLastSeenIsRefused() throws Exception {
        Trust seen = Trust.byGenesis(fixture.log().genesis())
                .havingSeen(new Trust.LastSeen(3, dev.terraseal.core.bytes.Digest.of(Bytes.utf8("fork"))));

        Verdict verdict = verify(whole(), Question.under(seen));

        assertThat(verdict.code()).isEqualTo(4);
        assertThat(names(verdict)).containsExactly(FindingName.TWO_HISTORIES);
    }

    @Test
    void aSecondSignatureThatATrustFileRequiresIsMissed() throws Exception {
        Requirement both = new Requirement(2, KeyUse.ATTEST, Set.of(Algorithm.ECDSA_SHA_256, Algorithm.ML_DSA_65));
        Trust trust = Trust.byGenesis(fixture.log().genesis()).requiring(both);

        Verdict verdict = verify(whole(), Question.under(trust));

        assertThat(verdict.code()).isEqualTo(4);
        assertThat(names(verdict)).containsExactly(FindingName.UNSIGNED);
    }

    @Test
    void stateThatDoesNotJoinIsNamedAndFailsNothing() throws Exception {
        fixture.apply("acme/infra/prod", 9, 10)
                .apply("acme/infra/dev", "lineage-of-acme/infra/prod", 10, 11)
                .apply("acme/infra/prod", "another", 1, 2)
                .heads();

        Verdict verdict = verify(whole());

        assertThat(verdict.code()).isZero();
        assertThat(names(verdict))
                .containsExactly(
                        FindingName.STATE_GAP, FindingName.LINEAGE_IN_TWO_STREAMS, FindingName.LINEAGE_CHANGED);
    }

    @Test
    void aStatementWithAMemberTwiceIsRefusedThoughItsHashIsRight() throws Exception {
        MemoryFiles files = whole();
        String name = "artifacts/00000000000000000003.json";
        String text = new String(files.get(name), StandardCharsets.UTF_8);
        files.put(name, Bytes.utf8(text.replace("{\"_type\":", "{\"_type\":\"x\",\"_type\":")));

        assertRefused(files, FindingName.MALFORMED);
    }
}
