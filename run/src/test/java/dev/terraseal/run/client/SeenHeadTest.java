package dev.terraseal.run.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.TestKey;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SeenHeadTest {
    private final LogFixture log = LogFixture.small();

    @Test
    void aCheckpointIsQuotedWithItsCosignatures() throws Exception {
        TestKey witness = TestKey.seeded(KeyUse.WITNESS, Algorithm.ED25519_SHA_512, 3);
        SignedNote own = log.checkpoint(log.size());
        SignedNote note =
                own.with(NoteSigner.cosign(own.text(), "w.example", Instant.parse("2026-11-22T01:00:00Z"), witness));
        Json.Obj quoted = SeenHead.quoted(note.bytes()).orElseThrow();
        assertThat(quoted.number("size")).isEqualTo(log.size());
        assertThat(quoted.string("root")).isEqualTo(own.text().split("\n")[2]);
        assertThat(quoted.digest("noteSha256")).isEqualTo(Digest.of(own.bytes()));
        assertThat(quoted.array("cosignatures").strings())
                .containsExactly(note.lines().get(1).text());
    }

    /** The bytes of a foreign predicate are what is recorded, so nothing is written anew. */
    @Test
    void anEventThatQuotesIsOtherwiseByteForByteTheSame() {
        Json.Obj head = SeenHead.quoted(log.checkpoint(4).bytes()).orElseThrow();
        Bytes event = Bytes.utf8("""
                {"id": "a-1",  "predicate": {"b": 1.50, "a": "\\u00e9"},
                  "occurredAt" : "2026-11-22T01:02:03.123Z",
                  "type": "https://example.com/scan/v1", "stream": "acme",
                  "subjects": []}
                """);
        SentEvent sent = SentEvent.parse(event);
        assertThat(sent.claims().quotesHead()).isFalse();
        Bytes quoting = SeenHead.quoting(event, sent, head);
        String member = "\"seenCheckpoint\":" + head.bytes().utf8() + ",";
        assertThat(quoting.utf8()).contains("  " + member + "\"type\": ");
        assertThat(quoting.utf8().replace(member, "")).isEqualTo(event.utf8());
        SentEvent again = SentEvent.parse(quoting);
        assertThat(again.claims().quotesHead()).isTrue();
        assertThat(again.body()).isEqualTo(sent.body());
        Bytes none = Bytes.utf8(event.utf8().replace("{\"id\"", "{\"seenCheckpoint\": null, \"id\""));
        assertThat(SentEvent.parse(none).claims().quotesHead()).isTrue();
    }

    @Test
    void nothingIsQuotedOfAnEmptyLogOrOfAPage() {
        assertThat(SeenHead.quoted(log.checkpoint(0).bytes())).isEmpty();
        assertThat(SeenHead.quoted(Bytes.utf8("<html>sign in</html>"))).isEmpty();
    }
}
