package dev.terraseal.archiver.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.timestamp.RenewalName;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.Validity;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.tools.Tool;
import dev.terraseal.testkit.tsa.Flaw;
import dev.terraseal.testkit.tsa.OpensslAuthority;
import dev.terraseal.testkit.tsa.TestAuthority;
import dev.terraseal.testkit.tsa.TsaStandIn;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Authorities that answer and that do not, over HTTP; the time is the test's own. */
@Timeout(120)
class TimeStampsTest {
    private static final Instant BEGIN = Instant.parse("2026-11-22T02:00:00.500Z");

    @TempDir
    Path directory;

    private final TestAuthority one = TestAuthority.seeded("one", 11);
    private final TestAuthority two = TestAuthority.seeded("two", 21);
    private final LogFixture log = LogFixture.small();
    private final TimeProgress progress = new TimeProgress();
    private final TestClock clock = new TestClock();
    private TsaStandIn first;
    private TsaStandIn second;
    private ArchiveStore store;

    private static final class TestClock implements InstantSource {
        private volatile Instant now = BEGIN;

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void start() throws IOException {
        store = DirectoryStore.open(Files.createDirectories(directory.resolve("archive")));
        first = new TsaStandIn(one, clock);
        second = new TsaStandIn(two, clock);
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        store.close();
    }

    private TimeSettings settings() {
        return new TimeSettings(
                List.of(
                        new TimeSettings.Authority("one", first.address()),
                        new TimeSettings.Authority("two", second.address())),
                List.of(TimeAuthority.of(one.rootPem(), null), TimeAuthority.of(two.rootPem(), null)),
                Duration.ofHours(1),
                Duration.ofSeconds(20),
                Duration.ofDays(365));
    }

    private Stamper.Parts parts() {
        return new Stamper.Parts(
                store,
                Duration.ofDays(3650),
                new HttpQuestions(),
                new SecureRandom(),
                clock,
                progress,
                () -> size -> content -> content.equals(log.checkpoint(size).bytes()));
    }

    private Bytes note() {
        return log.checkpoint(log.size()).bytes();
    }

    private List<String> tokens() throws IOException {
        return store.names("timestamps/", "", 1000);
    }

    private List<TimeSettings.Authority> stamp() throws InterruptedException {
        return new Stamper(settings(), parts()).stamp(note(), settings().authorities());
    }

    @Test
    void everyAuthorityStampsTheCheckpointOnce() throws Exception {
        assertThat(stamp()).isEmpty();
        assertThat(stamp()).isEmpty();
        int size = log.size();
        assertThat(tokens())
                .containsExactly(
                        "timestamps/" + size + "/one-20261122T020000Z.tsr",
                        "timestamps/" + size + "/two-20261122T020000Z.tsr");
        Bytes token = store.read(tokens().get(0), Validity.any()).orElseThrow().content();
        assertThat(TimeStampToken.open(token, note()).time()).isEqualTo(BEGIN);
        assertThat(first.asked()).isEqualTo(1);
        assertThat(first.askedWrongly() + second.askedWrongly()).isZero();
        assertThat(progress.stampedSize()).isEqualTo(size);
        assertThat(progress.skewMillis()).isZero();
    }

    @ParameterizedTest
    @EnumSource(TsaStandIn.Mood.class)
    void oneThatDoesNotAnswerHoldsUpNobodyElse(TsaStandIn.Mood mood) throws Exception {
        first.mood(mood);
        TimeSettings impatient = new TimeSettings(
                settings().authorities(),
                settings().roots(),
                Duration.ofHours(1),
                mood == TsaStandIn.Mood.SILENT ? Duration.ofMillis(300) : Duration.ofSeconds(20),
                Duration.ofDays(365));
        List<TimeSettings.Authority> left = new Stamper(impatient, parts()).stamp(note(), impatient.authorities());
        boolean well = mood == TsaStandIn.Mood.WELL;
        assertThat(left).hasSize(well ? 0 : 1);
        assertThat(tokens()).hasSize(well ? 2 : 1);
        assertThat(progress.failures()).isEqualTo(well ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void aTokenWithAFlawIsNeverArchived(Flaw flaw) throws Exception {
        first.flaw(flaw);
        // Which policy it is under is the auditor's choice: another one than usual is no flaw where none was asked for.
        boolean well = flaw == Flaw.NONE || flaw == Flaw.OTHER_POLICY;
        assertThat(stamp()).hasSize(well ? 0 : 1);
        assertThat(tokens()).hasSize(well ? 2 : 1);
    }

    @Test
    void aClockThatIsWrongIsSeen() throws Exception {
        try (TsaStandIn ahead = new TsaStandIn(one, () -> clock.instant().plusSeconds(90))) {
            TimeSettings.Authority authority = new TimeSettings.Authority("one", ahead.address());
            new Stamper(settings(), parts()).stamp(note(), List.of(authority));
        }
        assertThat(progress.skewMillis()).isEqualTo(-90_000);
    }

    @Test
    void whatFailsIsAskedAgainAndTheLastCheckpointIsStampedAtTheEnd() throws Exception {
        first.mood(TsaStandIn.Mood.UNAVAILABLE);
        TimeStamps stamps = new TimeStamps(settings(), parts());
        stamps.start();
        stamps.offer(note());
        await(() -> first.asked() >= 2);
        first.mood(TsaStandIn.Mood.WELL);
        await(() -> tokens().size() == 2);
        log.apply("acme/infra/prod", 50, 51);
        stamps.offer(note());
        stamps.close();
        assertThat(tokens()).hasSize(4);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        while (!condition.holds()) {
            Thread.sleep(20);
        }
    }

    private void put(String name, Bytes content) throws IOException {
        store.keep(name, content, clock.now.plus(Duration.ofDays(3650)), Validity.any());
    }

    /** Whoever may write to the store puts there what has the name of a token, and tokens of an authority of their own. */
    @Test
    void whatOnlyHasTheNameOfATokenIsNone() throws Exception {
        String prefix = "timestamps/" + log.size() + "/";
        put(prefix + "one-20261122T000000Z.tsr", Bytes.utf8("junk"));
        TestAuthority stranger = TestAuthority.seeded("stranger", 31);
        try (TsaStandIn theirs = new TsaStandIn(stranger, () -> BEGIN.minusSeconds(60))) {
            TimeSettings own = new TimeSettings(
                    List.of(new TimeSettings.Authority("one", theirs.address())),
                    List.of(),
                    Duration.ofHours(1),
                    Duration.ofSeconds(20),
                    Duration.ofDays(365));
            assertThat(new Stamper(own, parts()).stamp(note(), own.authorities()))
                    .isEmpty();
        }
        Bytes theirs = store.read(prefix + "one-20261122T015900Z.tsr", Validity.any())
                .orElseThrow()
                .content();
        put(prefix + "two-20261122T015900Z.tsr", theirs);
        assertThat(stamp()).isEmpty();
        assertThat(first.asked() + second.asked()).isEqualTo(2);
        assertThat(tokens()).contains(prefix + "one-20261122T020000Z.tsr", prefix + "two-20261122T020000Z.tsr");
        assertThat(stamp()).isEmpty();
        assertThat(first.asked() + second.asked())
                .as("questions once the true ones are there")
                .isEqualTo(2);
    }

    @Test
    void aListThatNobodyStampedRenewsNothingAndJunkPushesNothingBack() throws Exception {
        put("checkpoints/" + log.size(), note());
        stamp();
        List<String> old = tokens();
        Bytes planted = TokenList.of(Map.of(
                old.get(0),
                        Digest.of(store.read(old.get(0), Validity.any())
                                .orElseThrow()
                                .content()),
                old.get(1),
                        Digest.of(store.read(old.get(1), Validity.any())
                                .orElseThrow()
                                .content())));
        put("timestamps/renewed/20271122T000000Z/list", planted);
        put("timestamps/renewed/20271122T000000Z/one-20271122T000000Z.tsr", Bytes.utf8("junk"));
        for (int i = 0; i < 20; i++) {
            put("timestamps/" + (100 + i) + "/one-20200101T000000Z.tsr", Bytes.utf8("junk"));
            put("timestamps/renewed/202001010000" + (10 + i) + "Z/one-20200101T000000Z.tsr", Bytes.utf8("junk"));
        }
        clock.now = BEGIN.plus(Duration.ofDays(366));
        Renewer renewer = new Renewer(settings(), parts(), new Stamper(settings(), parts()));
        renewer.renew();
        Bytes list = store.read("timestamps/renewed/20271123T020000Z/list", Validity.any())
                .orElseThrow()
                .content();
        assertThat(TokenList.parse(list).keySet()).containsExactlyElementsOf(old);
        int asked = first.asked();
        renewer.renew();
        assertThat(first.asked()).as("questions once they are renewed").isEqualTo(asked);
    }

    @Test
    void oldTokensAreStampedAgainAllAtOnce() throws Exception {
        put("checkpoints/" + log.size(), note());
        stamp();
        List<String> old = tokens();
        Renewer renewer = new Renewer(settings(), parts(), new Stamper(settings(), parts()));
        renewer.renew();
        assertThat(tokens()).as("they are young").isEqualTo(old);
        clock.now = BEGIN.plus(Duration.ofDays(366));
        renewer.renew();
        renewer.renew();
        List<String> renewed = new ArrayList<>(tokens());
        renewed.removeAll(old);
        assertThat(renewed)
                .containsExactly(
                        "timestamps/renewed/20271123T020000Z/list",
                        "timestamps/renewed/20271123T020000Z/one-20271123T020000Z.tsr",
                        "timestamps/renewed/20271123T020000Z/two-20271123T020000Z.tsr");
        Bytes list = store.read(renewed.get(0), Validity.any()).orElseThrow().content();
        assertThat(TokenList.parse(list).keySet()).containsExactlyElementsOf(old);
        assertThat(TokenList.parse(list).get(old.get(0)))
                .isEqualTo(Digest.of(
                        store.read(old.get(0), Validity.any()).orElseThrow().content()));
        Bytes token = store.read(renewed.get(1), Validity.any()).orElseThrow().content();
        assertThat(TimeStampToken.open(token, list).time()).isEqualTo(clock.now);
        clock.now = clock.now.plus(Duration.ofDays(366));
        renewer.renew();
        Bytes next = store.read("timestamps/renewed/20281123T020000Z/list", Validity.any())
                .orElseThrow()
                .content();
        assertThat(TokenList.parse(next).keySet())
                .as("renewals are renewed with what they renewed")
                .containsAll(old)
                .anyMatch(name -> RenewalName.parse(name).isPresent());
    }

    @Test
    void opensslAnswersOurQuestion() throws Exception {
        Tool.require("openssl");
        OpensslAuthority openssl = OpensslAuthority.begin(directory.resolve("ca"));
        Questions questions = (address, query, timeout) ->
                openssl.answer(Bytes.copyOf(query), OpensslAuthority.Kind.RSA).toByteArray();
        TimeSettings trusting = new TimeSettings(
                List.of(),
                List.of(TimeAuthority.of(openssl.rootPem(), OpensslAuthority.POLICY)),
                Duration.ofHours(1),
                Duration.ofSeconds(20),
                Duration.ofDays(365));
        TokenRequest.Answer answer = new TokenRequest(
                        new TimeSettings.Authority("openssl", URI.create("http://unused.invalid")),
                        trusting,
                        questions,
                        new SecureRandom(),
                        InstantSource.system())
                .over(note());
        assertThat(answer.token().signer()).isEqualTo("CN=openssl RSA");
        assertThat(answer.token().nonce()).isNotNull();
    }

    @Test
    void settingsAreReadAndWhatIsWrongWithThemIsSaid() throws Exception {
        Path roots = Files.writeString(directory.resolve("roots.pem"), one.rootPem() + two.rootPem());
        Settings right = Settings.of(Map.of(
                "time.authorities", "one=http://tsa.example/tsr, two=https://other.example",
                "time.roots", roots.toString(),
                "time.interval", "30m"));
        TimeSettings read = TimeSettings.from(right);
        right.done();
        assertThat(read.authorities()).extracting(TimeSettings.Authority::name).containsExactly("one", "two");
        assertThat(read.roots()).hasSize(2);
        assertThat(read.interval()).isEqualTo(Duration.ofMinutes(30));

        Settings wrong = Settings.of(Map.of(
                "time.authorities", "One=http://a, two=ftp://b, three=http://c, three=http://d",
                "time.roots", directory.resolve("nothing").toString(),
                "time.interval", "0s"));
        TimeSettings.from(wrong);
        assertThat(wrong).satisfies(settings -> {
            try {
                settings.done();
                throw new AssertionError("nothing was found wrong");
            } catch (SettingsException said) {
                assertThat(said.getMessage())
                        .contains("One=http://a", "two=ftp://b", "three=http://d", "time.roots", "time.interval")
                        .doesNotContain("three=http://c'");
            }
        });
        assertThat(StampName.AUTHORITY.matcher("free-tsa.org").matches()).isTrue();
    }
}
