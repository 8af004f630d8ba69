package dev.terraseal.ingest;

import static dev.terraseal.ingest.Events.apply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.Chain;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.statement.StatementWriter;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.EventDecoder;
import dev.terraseal.schemas.SchemaSource;
import dev.terraseal.schemas.json.EventJson;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.testkit.log.LogFixture;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventIntakeTest {
    private static final int SCHEMA = 7;
    private static final Tokens.Caller LONGEST =
            new Tokens.Caller("c".repeat(EventIntake.NAME_MAX), Digest.of(), List.of());

    private final LogFixture log = LogFixture.small();
    private final EventDecoder sequencer = new EventDecoder(SCHEMA, SchemaSource.none());
    private ArchiveStore archive;
    private EventIntake intake;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        archive = StoreSettings.inDirectory(directory).open();
        Attachments attachments = new Attachments(archive, Duration.ofDays(1), Instant::now);
        intake = new EventIntake(log.log(), SCHEMA, attachments, log.ingestKey(), new SecureRandom());
    }

    @AfterEach
    void close() {
        archive.close();
    }

    private List<EventIntake.Ready> prepare(String json, Tokens.Caller caller) throws Exception {
        return intake.prepare(EventJson.parse(Bytes.utf8(json)), Optional.ofNullable(caller));
    }

    private Event sequenced(EventIntake.Ready ready) throws Exception {
        DecodedEvent decoded = sequencer.decode(ready.framed().toByteArray());
        assertThat(decoded).isInstanceOf(DecodedEvent.Decoded.class);
        return ((DecodedEvent.Decoded) decoded).event();
    }

    @Test
    void whoSentItAndASaltAreInTheRecordAndOutsideTheContentDigest() throws Exception {
        Tokens.Caller ci = new Tokens.Caller("ci", Digest.of(Bytes.utf8("token")), List.of());
        EventIntake.Ready ready = prepare(apply("acme/prod", "1"), ci).get(0);
        Event event = sequenced(ready);
        Json.Obj verified = CanonicalJson.parseObject(event.source()).object("verified");
        assertThat(verified.string("subject")).isEqualTo("ci");
        assertThat(verified.digest("tokenSha256")).isEqualTo(ci.tokenSha256());
        assertThat(event.salt()).isNotNull();
        assertThat(event.contentDigest()).isEqualTo(ready.contentDigest());
        EventIntake.Ready nobody = prepare(apply("acme/prod", "1"), null).get(0);
        assertThat(nobody.contentDigest()).isEqualTo(ready.contentDigest());
        assertThat(sequenced(nobody).source()).isNull();
        assertThat(nobody.framed())
                .isNotEqualTo(prepare(apply("acme/prod", "1"), null).get(0).framed());
    }

    @Test
    void aCallerSendsOnlyToItsStreamsAndThenNothingOfTheRequestIsTaken() {
        Tokens.Caller ci = new Tokens.Caller("ci", Digest.of(), List.of("acme"));
        String request = "[" + apply("acme/prod", "1") + "," + apply("other", "2") + "]";
        assertThatThrownBy(() -> prepare(request, ci)).isInstanceOfSatisfying(ProblemException.class, refused -> {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.getMessage()).contains("'ci'", "'other'", "acme");
        });
    }

    @Test
    void whatIsTakenFitsTheLogAsTheSequencerWillMeasureItWithTheLongestIdentity() throws Exception {
        long limit = log.log().statementBytesLimit();
        int taken = 0;
        int refused = 0;
        for (long size = limit - 1_800; size < limit - 1_000; size += 7) {
            String event = apply("acme/prod", "1")
                    .replace("\"name\":\"tfplan\"", "\"name\":\"" + "n".repeat((int) size) + "\"");
            List<EventIntake.Ready> ready;
            try {
                ready = prepare(event, LONGEST);
            } catch (ProblemException tooLarge) {
                assertThat(tooLarge.code()).isEqualTo("too-large");
                refused++;
                continue;
            }
            assertThat(refused)
                    .as("size %d after a smaller one was refused", size)
                    .isZero();
            Event sequenced = sequenced(ready.get(0));
            int largest =
                    new StatementWriter().largestStatement(sequenced, log.log().origin());
            assertThat(largest).isLessThanOrEqualTo((int) limit);
            taken++;
        }
        assertThat(taken).isPositive();
        assertThat(refused).isPositive();
    }

    @Test
    void theStatementOfATakenEventIsOneThatEveryStageCanRead() throws Exception {
        Event event = sequenced(prepare(apply("acme/prod", "1"), LONGEST).get(0));
        Statement made = Statement.parse(new Chain()
                .append(LogHead.birth(log.log().origin(), log.log().genesis()), null, event, LogFixture.BEGIN)
                .statement());
        assertThat(made.contentDigest()).isEqualTo(event.contentDigest());
    }

    @Test
    void everythingThatIsWrongIsNamedWithItsPlace() {
        String request = "[" + apply("a", "ok") + "," + apply("bad//stream", "bad id") + "]";
        assertThatThrownBy(() -> prepare(request, null)).isInstanceOfSatisfying(ProblemException.class, refused -> {
            assertThat(refused.status()).isEqualTo(422);
            String body = ((dev.terraseal.ingest.http.Reply.Whole) refused.reply())
                    .body()
                    .utf8();
            Json.Obj problem = CanonicalJson.parseObject(Bytes.utf8(body));
            assertThat(problem.array("problems").objects())
                    .allSatisfy(found -> assertThat(found.number("index")).isEqualTo(1))
                    .extracting(found -> found.string("pointer"))
                    .containsExactlyInAnyOrder("/id", "/stream");
        });
    }
}
