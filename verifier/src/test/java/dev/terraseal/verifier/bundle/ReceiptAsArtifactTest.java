package dev.terraseal.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.testkit.keys.RememberingChecker;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.mutation.Asked;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.testkit.mutation.Expected;
import dev.terraseal.testkit.mutation.Mutation;
import dev.terraseal.verifier.receipt.ReceiptFile;
import dev.terraseal.verifier.receipt.Receipts;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receipt says of its statement what the same statement as the one artifact of a selection says. */
class ReceiptAsArtifactTest {
    /** What is said of artifacts alone. */
    private static final Set<String> LAYERS = Set.of("chain", "signatures", "checkpoint", "inclusion");

    private final SignatureChecker checker = new RememberingChecker();

    @TempDir
    private Path scratch;

    private Verdict verify(Receipt receipt) throws IOException {
        Question question = Question.under(Trust.byGenesis(receipt.log().genesis()));
        return new ReceiptFile("1.receipt.json", question, checker).judge(receipt.bytes());
    }

    private static String first(Verdict verdict) {
        if (verdict.code() != 4) {
            return "exit " + verdict.code() + " " + verdict.findings();
        }
        Finding first = CatalogueJudge.first(verdict);
        return first.layer().code() + " " + first.name().code();
    }

    /** Both of one entry of a log that went wrong; they have to find {@code expected}. */
    private void assertBothSay(String expected, LogFixture log, int index) throws IOException {
        assertBothSay(expected, FixtureExport.of(log).filter(List.of(index)), index);
        assertThat(first(verify(Receipts.of(log, index, true)))).isEqualTo(expected);
    }

    private void assertBothSay(String expected, BundleBytes selection, int index) throws IOException {
        Receipt receipt = Receipts.of(selection, index);
        Verdict bundle = new CatalogueJudge(checker, Set.of(), scratch)
                .ask(selection, Asked.under(receipt.log().genesis()));
        assertThat(first(bundle)).isEqualTo(expected);
        assertThat(first(verify(receipt))).isEqualTo(expected);
        Receipt promise = new Receipt(receipt.log(), receipt.signed(), null);
        if (receipt.keyEvents().isEmpty() && !expected.startsWith("inclusion")) {
            assertThat(first(verify(promise))).as("promised").isEqualTo(expected);
        }
    }

    /** A statement signed by itself is bound to its genesis by the first entry of the log and of its stream alone. */
    @Test
    void theFirstEntryOfAnotherLogWithTheSameKeysAndNameIsNotBelieved() throws IOException {
        LogFixture log = LogFixture.small();
        BundleBytes selection = FixtureExport.of(log).filter(List.of(0));
        String other =
                selection.text("log.json").replaceFirst("\"nonce\":\"[0-9a-f]{64}", "\"nonce\":\"" + "ab".repeat(32));
        assertBothSay("chain broken-stream", selection.with("log.json", other).sealedBy(log.exportKey()), 0);
    }

    @Test
    void aStatementLargerThanTheLogAllowsIsMalformed() throws IOException {
        LogFixture log = LogFixture.small();
        BundleBytes selection = FixtureExport.of(log).filter(List.of(1));
        String smaller = selection.text("log.json").replace("\"statementBytes\":524288", "\"statementBytes\":500");
        assertBothSay("chain malformed", selection.with("log.json", smaller).sealedBy(log.exportKey()), 1);
    }

    @Test
    void recordsOfTheLogItselfLieInTheirOwnStreamsAndNoOthersDo() throws IOException {
        Json.Obj heads = Json.obj().put("root", "AAAA").put("streams", 1).build();
        Json.Obj apply = Json.obj().put("outcome", "succeeded").build();
        Json.Obj event = Json.obj()
                .put("authorisation", Json.obj().put("payload", "").build())
                .build();
        for (LogFixture log : List.of(
                LogFixture.small().append(PredicateType.TERRAFORM_APPLY, "_log", "apply", apply),
                LogFixture.small().append(PredicateType.HEADS, "acme/infra/prod", "heads", heads),
                LogFixture.small().append(PredicateType.KEY_EVENT, "acme/infra/prod", "key-event", event))) {
            assertBothSay("chain wrong-place", log.heads(), 4);
        }
        LogFixture inKeys = LogFixture.small().append(PredicateType.TERRAFORM_APPLY, "_keys", "apply", apply);
        assertThat(first(verify(Receipts.of(inKeys, 4, false)))).isEqualTo("chain wrong-place");
    }

    @Test
    void aHeadsEntryHasItsForm() throws IOException {
        Json.Obj heads = Json.obj().put("root", "AAAA").put("streams", 1).build();
        LogFixture log = LogFixture.small().append(PredicateType.HEADS, "_log", "heads", heads);
        assertBothSay("stream-heads bad-heads", log.heads(), 4);
        assertThat(verify(Receipts.of(log, 5, true)).code()).isZero();
    }

    @Test
    void aKeyEventIsAuthorisedOrNotBelieved() throws IOException {
        LogFixture log = LogFixture.small();
        log.forgeRotation(log.attestKey()).heads();
        assertThat(first(verify(Receipts.of(log, 4, true)))).isEqualTo("key-events bad-key-event");
        assertThat(first(verify(Receipts.of(log, 4, false)))).isEqualTo("key-events bad-key-event");
    }

    /** Ingest writes strings; what is no string names nobody, and is a failure only where a trust file names issuers. */
    @Test
    void anIssuerThatIsNoStringIsNoFailureByItself() throws IOException {
        Json.Obj verified = Json.obj().put("issuer", 1).build();
        LogFixture log = LogFixture.small();
        Event plain = identified(null);
        Bytes payload = Json.obj()
                .put("contentSha256", plain.contentDigest())
                .put("genesis", log.log().genesis())
                .put("verified", verified)
                .build()
                .bytes();
        Bytes signature = log.ingestKey().signOrFail(Dsse.pae(Dsse.IDENTITY, payload));
        Json.Obj by = Json.obj()
                .put("keyid", log.ingestKey().key().keyid().hex())
                .put("sig", signature.base64())
                .build();
        log.append(identified(Json.obj()
                        .put("verified", verified)
                        .put("verifiedBy", by)
                        .build()))
                .heads();
        Receipt receipt = Receipts.of(log, 4, true);
        assertThat(verify(receipt).code()).isZero();

        Trust trust = new Trust(
                log.log().genesis(),
                null,
                null,
                List.of(),
                List.of(),
                null,
                null,
                Map.of(),
                List.of("https://ci.example"));
        Verdict named = new ReceiptFile("1.receipt.json", Question.under(trust), checker).judge(receipt.bytes());
        assertThat(first(named)).isEqualTo("signatures other-issuer");
    }

    private static Event identified(Json.@Nullable Obj source) {
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

    /** What breaks one artifact of a selection breaks its receipt in the same layer under the same name. */
    @Test
    void theCataloguesSelectionsAreRefusedAsReceiptsByTheSameNames() throws IOException {
        Catalogue catalogue = Catalogue.of(20261122L, 1).only("filter");
        Base base = catalogue.bases().get(0);
        List<Bytes> whole = new ArrayList<>();
        for (int index : base.indices()) {
            whole.add(Receipts.of(base.bundle(), index).bytes());
        }
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> kinds = new HashMap<>();
        int asked = 0;
        for (Mutation mutation : catalogue) {
            // Of what differs in a number alone a few are enough.
            boolean more = kinds.merge(mutation.name().replaceAll("[0-9]+", "#"), 1, Integer::sum) <= 3;
            Receipt broken =
                    more && LAYERS.contains(mutation.expected().layer()) ? broken(base, whole, mutation) : null;
            if (broken != null) {
                String said = first(verify(broken));
                asked++;
                if (!isSame(said, mutation.expected())) {
                    wrong.add(mutation + ": " + said + " instead of " + mutation.expected());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(asked).isGreaterThan(100);
    }

    /** Of artifacts that fit one to the other a receipt shows one, and what is no receipt is malformed as a whole. */
    private static boolean isSame(String said, Expected expected) {
        boolean betweenArtifacts =
                expected.findings().contains("missing-entry") && said.equals("signatures bad-signature");
        boolean malformed = expected.findings().contains("malformed") && said.equals("declaration malformed");
        return betweenArtifacts
                || malformed
                || expected.findings().stream().anyMatch(name -> said.equals(expected.layer() + " " + name));
    }

    /** The last receipt that a mutation changes; null where it is about files that no receipt has, or leaves none. */
    private static @Nullable Receipt broken(Base base, List<Bytes> whole, Mutation mutation) {
        if (!(mutation.content() instanceof Mutation.Files files)) {
            return null;
        }
        try {
            for (int i = whole.size() - 1; i >= 0; i--) {
                Receipt receipt = Receipts.of(files.bundle(), base.indices().get(i));
                if (!receipt.bytes().equals(whole.get(i))) {
                    return receipt;
                }
            }
        } catch (IllegalArgumentException noReceipt) {
            return null;
        }
        return null;
    }
}
