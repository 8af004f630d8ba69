package dev.terraseal.page;

import static dev.terraseal.page.Form.choose;
import static dev.terraseal.page.Form.count;
import static dev.terraseal.page.Form.giveGenesis;
import static dev.terraseal.page.Form.press;
import static dev.terraseal.page.Form.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.PlainZip;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page shows and keeps of a verdict: which entries stand, the work paper, what is printed. */
class PagePaperTest {
    @TempDir
    static Path scratch;

    private static Chromium browser;
    private static Path page;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = Chromium.start();
        page = Files.write(scratch.resolve("verify.html"), VerifyPage.bytes());
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

    private static LogFixture applies(int count, int step) {
        LogFixture log = new LogFixture("terraseal.local/applies");
        for (int i = 0; i < count; i++) {
            log.apply("acme/infra/prod", (long) step * i, (long) step * i + 1);
        }
        return log.heads();
    }

    /** Presses the button and gives what would be saved. */
    private static String paper(Tab tab) {
        tab.evaluate("""
                globalThis.kept = null;
                const made = URL.createObjectURL;
                URL.createObjectURL = (blob) => { kept = blob.text(); return made.call(URL, blob); };
                0
                """);
        press(tab, "#verdict button");
        return tab.evaluate("kept").asText();
    }

    /** Only the first 200 findings of a layer are kept, and the verdict of an entry does not follow from those. */
    @Test
    void ofThreeHundredBadSignaturesNoneStands() throws IOException {
        LogFixture log = applies(310, 1);
        BundleBytes whole = FixtureExport.of(log).whole();
        List<String> lines = new ArrayList<>(whole.lines("signatures.jsonl"));
        for (int i = 0; i < 300; i++) {
            String other = lines.get(i + 1);
            lines.set(i, "{\"sequence\":" + i + other.substring(other.indexOf(",\"signatures\"")));
        }
        BundleBytes forged = whole.withLines("signatures.jsonl", lines).sealedBy(log.exportKey());
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, log.log().genesis().hex());
            choose(tab, "#zip", zip("forged.zip", forged));
            assertThat(text(tab, "#verdict")).contains("VERIFICATION FAILED (4)", "bad-signature");
            assertThat(stands(tab)).hasSize(311).startsWith("no").endsWith("yes");
            assertThat(stands(tab).stream().filter("no"::equals)).hasSize(300);
            assertThat(text(tab, "#result"))
                    .contains("and 290 more. Of their neighbours 300 still holds.")
                    .contains("151 more are in the work paper.");
        }
    }

    private static List<String> stands(Tab tab) {
        List<String> out = new ArrayList<>();
        for (int at = 0; at < 400; at += 50) {
            tab.evaluate("[...document.querySelectorAll('tbody td:last-child')].map((cell) => cell.innerText)")
                    .forEach(cell -> out.add(cell.asText()));
            if (tab.evaluate("document.querySelector('.pager button:last-of-type').disabled")
                    .asBoolean()) {
                break;
            }
            press(tab, ".pager button:last-of-type");
        }
        while (!tab.evaluate("document.querySelector('.pager button').disabled").asBoolean()) {
            press(tab, ".pager button");
        }
        return out;
    }

    @Test
    void anEntryWhoseSignatureNobodyCameToIsNotSaidToStand() throws IOException {
        LogFixture log = applies(5, 1);
        BundleBytes whole = FixtureExport.of(log).whole();
        List<String> lines = new ArrayList<>(whole.lines("signatures.jsonl"));
        lines.set(3, "{\"sequence\":3}");
        BundleBytes cut = whole.withLines("signatures.jsonl", lines).sealedBy(log.exportKey());
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, log.log().genesis().hex());
            choose(tab, "#zip", zip("cut.zip", cut));
            assertThat(text(tab, "#verdict")).contains("VERIFICATION FAILED (4)", "malformed");
            assertThat(stands(tab))
                    .startsWith("yes")
                    .endsWith("not known", "not known")
                    .doesNotContain("no");
            assertThat(text(tab, "#result")).contains("Not known: 3 entries").doesNotContain("all of these links hold");
            assertThat(count(tab, ".block.unknown")).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void anEntryWithoutASignatureDoesNotStand() throws IOException {
        LogFixture log = applies(5, 1);
        BundleBytes whole = FixtureExport.of(log).whole();
        List<String> lines = new ArrayList<>(whole.lines("signatures.jsonl"));
        lines.remove(2);
        BundleBytes unsigned = whole.withLines("signatures.jsonl", lines).sealedBy(log.exportKey());
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, log.log().genesis().hex());
            choose(tab, "#zip", zip("unsigned.zip", unsigned));
            assertThat(text(tab, "#verdict")).contains("VERIFICATION FAILED (4)", "unsigned");
            assertThat(stands(tab)).containsExactly("yes", "yes", "no", "yes", "yes", "yes");
        }
    }

    @Test
    void underAnotherGenesisNoEntryIsSaidToStand() throws IOException {
        LogFixture log = applies(5, 1);
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, "ab".repeat(32));
            choose(tab, "#zip", zip("other.zip", FixtureExport.of(log).whole()));
            assertThat(text(tab, "#verdict")).contains("wrong-genesis");
            assertThat(stands(tab)).hasSize(6).containsOnly("not known");
        }
    }

    @Test
    void theWorkPaperHoldsEveryGapAndWhatTheCheckIsKnownBy() throws IOException {
        LogFixture log = applies(900, 2);
        Path file = zip("gaps.zip", FixtureExport.of(log).whole());
        Path earlier = Files.write(
                scratch.resolve("earlier"), log.checkpoint(901).bytes().toByteArray());
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, log.log().genesis().hex());
            tab.choose("#from-checkpoint", earlier);
            tab.evaluate("document.getElementById('at-least').value = '7'; 0");
            tab.evaluate("document.getElementById('covers-until').value = '2026-11-22T01:02:03Z'; 0");
            choose(tab, "#zip", file);
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
            assertThat(text(tab, "#result")).contains("799 more are in the work paper.");
            String paper = paper(tab);
            assertThat(paper.lines().filter(line -> line.startsWith("  - state-gap between entries ")))
                    .hasSize(899);
            String facts = text(tab, "dl");
            for (String known : new String[] {
                "gaps.zip",
                digest(file),
                log.log().genesis().hex(),
                "earlier, SHA-256 " + digest(earlier),
                "at least 7 entries; entries until 2026-11-22T01:02:03.000Z",
                "by the clock of the machine that checked",
                "901 from 0 on"
            }) {
                assertThat(paper).contains(known);
                assertThat(facts).as("what is printed").contains(known);
            }
            assertThat(facts).containsPattern("Checked at\\s+20[0-9]{2}-[0-9-]{5}T[0-9:]{8}Z");
        }
    }

    @Test
    void aBundleThatCannotBeOpenedIsNamedInItsPaperToo() throws IOException {
        Path torn = Files.write(scratch.resolve("torn.zip"), new byte[100]);
        try (Tab tab = browser.open(page)) {
            choose(tab, "#zip", torn);
            assertThat(text(tab, "#verdict h2")).isEqualTo("VERIFICATION FAILED (4)");
            assertThat(paper(tab)).contains("torn.zip", digest(torn), "Genesis given           none");
        }
    }

    @Test
    void whereTokensCountThePaperSaysWhenAndThePageDoesNotSayThatNoneDoes() throws IOException {
        Base stamped = Catalogue.of(20261129L, 1).only("stamped").bases().get(0);
        Path trust = Files.write(
                scratch.resolve("trust.json"),
                Objects.requireNonNull(stamped.asked().trustFile()).toByteArray());
        Path file = zip("stamped.zip", stamped.bundle());
        try (Tab tab = browser.open(page)) {
            choose(tab, "#zip", file);
            assertThat(text(tab, "#result")).contains("by the log's clock, which no token vouches for.");
            tab.choose("#trust", trust);
            tab.until("document.querySelector('#verdict section') === null");
            Form.verify(tab);
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
            assertThat(text(tab, "#result")).contains("by the log's clock.").doesNotContain("no token vouches");
            assertThat(paper(tab))
                    .contains("\nWhen\n  - entr", "not after 2026", "trust.json, SHA-256 " + digest(trust));
        }
    }

    private static String digest(Path file) throws IOException {
        return Digest.of(Bytes.wrap(Files.readAllBytes(file))).hex();
    }
}
