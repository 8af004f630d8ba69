package dev.terraseal.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyEvent.Action;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyChangeTest {
    private static final String ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    private final TestKeys attest = TestKeys.of(KeyUse.ATTEST);
    private final TestKeys next = TestKeys.of(KeyUse.ATTEST);
    private final TestKeys log = TestKeys.of(KeyUse.LOG);
    private final TestKeys authority = TestKeys.of(KeyUse.AUTHORITY);
    private final LogDeclaration declaration = LogDeclaration.of(TestKeys.fields(1, attest, log, authority));
    private final SignatureChecker checker = new SignatureChecker(null);

    private static SequenceNumber at(long index) {
        return new SequenceNumber(index);
    }

    private static KeyEvent signed(Bytes payload, TestKeys... signers) {
        return TestKeys.event(CanonicalJson.parseObject(payload), signers);
    }

    @Test
    void whatIsWrittenIsReadAgainAndIsAuthorised() throws Exception {
        KeyEvent.Provenance provenance = new KeyEvent.Provenance(ARN, Digest.of(Bytes.utf8("policy")));
        KeyChange rotation = new KeyChange(
                Action.ROTATE, List.of(new KeyEvent.NewKey(next.declared(), at(7))), List.of(), provenance, "yearly");
        Bytes payload = rotation.payload(declaration.genesis(), declaration.genesis());
        KeyEvent event = signed(payload, authority, next);
        assertThat(event.action()).isEqualTo(Action.ROTATE);
        assertThat(event.keys()).isEqualTo(rotation.keys());
        assertThat(event.provenance()).isEqualTo(provenance);
        assertThat(event.reason()).isEqualTo("yearly");
        KeyRing after = KeyRing.of(declaration).apply(event, at(3), checker);
        assertThat(after.previous()).isEqualTo(Digest.of(payload));

        KeyChange revocation = new KeyChange(
                Action.REVOKE,
                List.of(),
                List.of(new KeyEvent.Revoked(attest.declared().keyid(), at(2), "stolen")),
                null,
                "stolen");
        KeyEvent second = signed(revocation.payload(declaration.genesis(), after.previous()), authority);
        assertThat(second.revoked()).isEqualTo(revocation.revoked());
        KeyRing revoked = after.apply(second, at(8), checker);
        assertThat(revoked.compromisedFrom(attest.declared().keyid())).hasValue(2);
    }

    @Test
    void aHistoryIsReadAgainFromItsFile() throws Exception {
        KeyChange rotation = new KeyChange(
                Action.ADD, List.of(new KeyEvent.NewKey(next.declared(), at(0))), List.of(), null, "second site");
        KeyEvent event = signed(rotation.payload(declaration.genesis(), declaration.genesis()), authority, next);
        KeyHistory history = new KeyHistory(List.of(new KeyHistory.At(at(41), event)));
        KeyHistory again = KeyHistory.parse(history.bytes());
        assertThat(again).isEqualTo(history);
        assertThat(again.next()).isEqualTo(at(42));
        assertThat(again.ring(declaration, checker).signing(KeyUse.ATTEST, at(42)))
                .containsExactly(next.declared(), attest.declared());
        assertThat(KeyHistory.parse(Bytes.EMPTY)).isEqualTo(KeyHistory.NONE);
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> KeyHistory.parse(Bytes.concat(history.bytes(), Bytes.utf8("{}\n"))))
                .withMessageContaining("line 2");
    }

    @Test
    void aProvenanceIsOfItsFormOrRefused() {
        for (Json.Obj wrong : List.of(
                Json.obj().build(),
                Json.obj().put("kmsArn", ARN).put("region", "eu").build(),
                Json.obj().put("keyPolicySha256", "abc").build())) {
            Json.Obj payload = Json.obj()
                    .put("action", "add")
                    .put("genesis", declaration.genesis())
                    .put("keys", Json.arr(List.of(TestKeys.newKey(next, 0))))
                    .put("previous", declaration.genesis())
                    .put("provenance", wrong)
                    .put("reason", "x")
                    .build();
            assertThatExceptionOfType(JsonException.class)
                    .as(wrong.toString())
                    .isThrownBy(() -> TestKeys.event(payload, authority));
        }
    }

    @Test
    void aChangeNobodySignedIsNoEnvelope() {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> new Envelope(Dsse.KEY_EVENT, Bytes.utf8("{}"), List.of()));
    }
}
