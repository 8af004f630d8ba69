package dev.terraseal.page;

import static dev.terraseal.page.Form.ANSWERED;
import static dev.terraseal.page.Form.choose;
import static dev.terraseal.page.Form.count;
import static dev.terraseal.page.Form.giveGenesis;
import static dev.terraseal.page.Form.press;
import static dev.terraseal.page.Form.text;
import static dev.terraseal.page.Form.type;
import static dev.terraseal.page.Form.verify;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.PlainZip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While the page verifies 10,042 entries, or lists a folder: it answers, it stops, and only the newest question counts. */
class PageUnderWayTest {
    /** How often each verification said how far it is, in the order in which they began. */
    private static final String COUNTED = """
            globalThis.told = [];
            const verified = verifyGiven;
            verifyGiven = (content, options, progress) => {
              const mine = told.push(0) - 1;
              return verified(content, options, (...now) => {
                told[mine]++;
                progress(...now);
              });
            };
            0
            """;

    @TempDir
    static Path scratch;

    private static Chromium browser;
    private static Path page;
    private static LogFixture small;
    private static LogFixture large;
    private static BundleBytes sharded;
    private static Path smallZip;
    private static Path largeZip;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = Chromium.start();
        page = Files.write(scratch.resolve("verify.html"), VerifyPage.bytes());
        small = LogFixture.small();
        smallZip = zip("small.zip", FixtureExport.of(small).whole());
        large = new LogFixture("terraseal.local/large");
        large.apply("acme/infra/prod", 1, 2).batch("acme/infra/dev", 10_040).heads();
        sharded = FixtureExport.of(large).whole();
        largeZip = zip("large.zip", sharded);
    }

    @AfterAll
    static void stop() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    private static Path zip(String name, BundleBytes bundle) throws IOException {
        return Files.write(scratch.resolve(name), PlainZip.of(bundle).bytes().toByteArray());
    }

    @Test
    void whileManyEntriesAreVerifiedThePageGoesOnAnswering() {
        try (Tab tab = browser.open(page)) {
            tab.evaluate("""
                    globalThis.drawn = new Set();
                    new MutationObserver(() => drawn.add(document.getElementById('working-text').textContent))
                      .observe(document.getElementById('working-text'), { childList: true, subtree: true, characterData: true });
                    globalThis.ticks = 0;
                    setInterval(() => ticks++, 1);
                    0
                    """);
            giveGenesis(tab, large.log().genesis().hex());
            choose(tab, "#zip", largeZip);
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
            assertThat(text(tab, ".layers")).contains("10042 artifacts");
            assertThat(tab.evaluate("drawn.size").asInt())
                    .as("states of the progress line")
                    .isGreaterThan(50);
            assertThat(tab.evaluate("ticks").asInt()).as("turns other work had").isGreaterThan(20);
            assertThat(count(tab, "tbody tr")).isEqualTo(50);
        }
    }

    /** A page in the background gets its timers once a second, later once a minute; here it never does. */
    @Test
    void noTimerIsWaitedForInAPageThatIsNotLookedAt() {
        try (Tab tab = browser.open(page)) {
            tab.evaluate("globalThis.timers = 0; globalThis.setTimeout = () => ++timers; 0");
            giveGenesis(tab, large.log().genesis().hex());
            tab.choose("#zip", largeZip);
            tab.until("timers > 0 || " + ANSWERED);
            assertThat(tab.evaluate("timers").asInt()).isZero();
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
        }
    }

    @Test
    void whoeverAsksAgainStopsWhatIsUnderWay() {
        try (Tab tab = browser.open(page)) {
            tab.evaluate(COUNTED);
            tab.choose("#zip", largeZip);
            tab.until("told[0] > 5");
            int before = tab.evaluate("document.getElementById('verify').click(); told[0]")
                    .asInt();
            tab.until(ANSWERED);
            assertThat(tab.evaluate("told").size()).isEqualTo(2);
            assertThat(tab.evaluate("told[1]").asInt()).isGreaterThan(50);
            assertThat(tab.evaluate("told[0]").asInt())
                    .as("words of the first after the second began")
                    .isEqualTo(before);
        }
    }

    @Test
    void aButtonStopsItAndThenThereIsNoVerdict() {
        try (Tab tab = browser.open(page)) {
            tab.evaluate(COUNTED);
            tab.choose("#zip", largeZip);
            tab.until("told[0] > 5");
            int before = tab.evaluate("document.getElementById('stop').click(); told[0]")
                    .asInt();
            assertThat(text(tab, "#note")).isEqualTo("Stopped before there was a verdict.");
            assertThat(count(tab, "#working[hidden]")).isEqualTo(1);
            assertThat(tab.evaluate("document.activeElement.id").asText()).isEqualTo("verify");
            choose(tab, "#zip", smallZip);
            assertThat(text(tab, "#verdict h2")).isEqualTo("INTACT, NOT YET TRUSTED (5)");
            assertThat(text(tab, "#note")).isEmpty();
            assertThat(tab.evaluate("told[0]").asInt()).isEqualTo(before);
        }
    }

    @Test
    void aQuestionThatIsChangedMeanwhileGetsNoAnswerToTheFormerOne() {
        try (Tab tab = browser.open(page)) {
            tab.evaluate(COUNTED);
            tab.choose("#zip", largeZip);
            tab.until("told[0] > 5");
            type(tab, "#genesis", large.log().genesis().hex());
            assertThat(count(tab, "#working[hidden]")).isEqualTo(1);
            assertThat(text(tab, "#note")).contains("press Verify");
            verify(tab);
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
        }
    }

    /** Listing a folder takes a while, in which the verdict before is gone and something newer may be given. */
    @Test
    void aFolderThatWasDroppedEarlierNeverWins() throws IOException {
        Path folder = scratch.resolve("slow");
        FixtureExport.of(large).range(0, 5).write(folder);
        try (Tab tab = browser.open(page)) {
            tab.evaluate("""
                    globalThis.release = null;
                    const listed = filesOfHandle;
                    filesOfHandle = async (...all) => {
                      await new Promise((resolve) => (release = resolve));
                      globalThis.done = listed(...all);
                      return done;
                    };
                    0
                    """);
            giveGenesis(tab, small.log().genesis().hex());
            choose(tab, "#zip", smallZip);
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
            tab.drop("#drop", folder);
            tab.until("release !== null");
            assertThat(text(tab, "#verdict")).isEmpty();
            assertThat(text(tab, "#working")).contains("Reading the folder…");
            assertThat(tab.evaluate("document.getElementById('progress').position")
                            .asInt())
                    .as("what the run before left in the bar")
                    .isEqualTo(-1);
            assertThat(tab.evaluate("document.getElementById('verify').disabled")
                            .asBoolean())
                    .isTrue();
            choose(tab, "#zip", smallZip);
            tab.evaluate("(async () => { release(); while (!globalThis.done) { await breathe(); await null; } "
                    + "await done.catch(() => 0); await new Promise((resolve) => setTimeout(resolve)); })()");
            tab.until(ANSWERED);
            assertThat(text(tab, "#chosen")).isEqualTo("small.zip");
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
        }
    }

    /** Findings in a shard name its file, which is that of 10,000 entries. */
    @Test
    void theOneForgedEntryOfAShardIsTheOneThatDoesNotStand() throws IOException {
        List<String> lines = new ArrayList<>(sharded.lines("signatures.jsonl"));
        String other = lines.get(lines.size() - 1);
        lines.set(0, "{\"sequence\":0" + other.substring(other.indexOf(',')));
        BundleBytes forged = sharded.withLines("signatures.jsonl", lines).sealedBy(large.exportKey());
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, large.log().genesis().hex());
            choose(tab, "#zip", zip("forged.zip", forged));
            assertThat(text(tab, "#verdict")).contains("VERIFICATION FAILED (4)", "bad-signature");
            assertThat(text(tab, "tbody tr td:last-child")).isEqualTo("no");
            assertThat(text(tab, "tbody tr:nth-child(2) td:last-child")).isEqualTo("yes");
            assertThat(count(tab, "tbody td.failure")).isEqualTo(1);
            assertThat(count(tab, ".block.broken")).isEqualTo(1);
            assertThat(text(tab, "#result"))
                    .contains("Broken: 0. Of their neighbours 1 still holds.")
                    .doesNotContain("all of these links hold");
        }
    }

    @Test
    void theSameFileIsTakenAgain() throws IOException {
        try (Tab tab = browser.open(page)) {
            choose(tab, "#zip", smallZip);
            assertThat(tab.evaluate("document.getElementById('zip').files.length")
                            .asInt())
                    .as("files that would make choosing them again no change")
                    .isZero();
            tab.drop("#drop", zip("other.zip", FixtureExport.of(small).range(1, 3)));
            tab.until("document.getElementById('chosen').textContent === 'other.zip'");
            tab.until(ANSWERED);
            choose(tab, "#zip", smallZip);
            tab.until("document.getElementById('chosen').textContent === 'small.zip'");
            tab.until(ANSWERED);
            press(tab, "#verify");
            tab.until(ANSWERED);
            assertThat(text(tab, ".layers")).contains("4 artifacts");
        }
    }
}
