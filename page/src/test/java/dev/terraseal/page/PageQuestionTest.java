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

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.PlainZip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The question in the form: what it is asked by, what is said of one that cannot be understood, and what of a new one. */
class PageQuestionTest {
    @TempDir
    static Path scratch;

    private static Chromium browser;
    private static Path page;
    private static LogFixture log;
    private static String genesis;
    private static Path zip;
    private static Path trust;
    private static Path checkpoint;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = Chromium.start();
        page = Files.write(scratch.resolve("verify.html"), VerifyPage.bytes());
        log = LogFixture.small();
        genesis = log.log().genesis().hex();
        zip = Files.write(
                scratch.resolve("bundle.zip"),
                PlainZip.of(FixtureExport.of(log).whole()).bytes().toByteArray());
        trust = Files.writeString(scratch.resolve("trust.json"), trustFile(genesis));
        checkpoint = Files.write(
                scratch.resolve("checkpoint"), log.checkpoint(4).bytes().toByteArray());
    }

    @AfterAll
    static void stop() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    private static String trustFile(String of) {
        return Json.obj()
                .put("format", 1)
                .put("origin", log.log().origin().value())
                .put("genesis", of)
                .build()
                .bytes()
                .utf8();
    }

    private static Tab trusted() {
        Tab tab = browser.open(page);
        tab.evaluate("document.querySelector('details').open = true; 0");
        giveGenesis(tab, genesis);
        choose(tab, "#zip", zip);
        assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
        return tab;
    }

    @Test
    void aFileOfTheQuestionThatIsDroppedOnItsFieldIsNoBundle() {
        for (String field : new String[] {"trust", "from-checkpoint"}) {
            try (Tab tab = trusted()) {
                Path file = field.equals("trust") ? trust : checkpoint;
                tab.drop("#" + field, file);
                tab.until("document.getElementById('" + field + "').files.length === 1"
                        + " || document.getElementById('chosen').textContent !== 'bundle.zip'");
                assertThat(text(tab, "#chosen")).isEqualTo("bundle.zip");
                assertThat(text(tab, "#verdict")).isEmpty();
                assertThat(count(tab, ".over")).isZero();
                verify(tab);
                assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
                assertThat(text(tab, "#result")).contains(file.getFileName() + ", SHA-256 " + digest(file));
            }
        }
    }

    @Test
    void besideTheInputIsStillItsFieldAndAFolderIsNoFile() {
        try (Tab tab = trusted()) {
            tab.drop("label[for=trust]", trust);
            tab.until("document.getElementById('trust').files.length === 1");
            tab.drop("label[for=trust]", scratch);
            tab.until("!document.getElementById('problem').hidden");
            assertThat(text(tab, "#problem")).contains("A folder was dropped");
            tab.drop("#trust", trust, checkpoint);
            tab.until("document.getElementById('problem').textContent.includes('one file')");
            assertThat(text(tab, "#chosen")).isEqualTo("bundle.zip");
        }
    }

    @Test
    void aVerdictGoesWhenTheQuestionItAnswersDoes() {
        try (Tab tab = trusted()) {
            tab.evaluate("document.getElementById('genesis').focus(); 0");
            tab.press("a", "a");
            assertThat(text(tab, "#verdict")).isEmpty();
            assertThat(text(tab, "#result")).isEmpty();
            assertThat(text(tab, "#note")).contains("press Verify");
        }
        for (String field : new String[] {"#at-least", "#covers-until"}) {
            try (Tab tab = trusted()) {
                type(tab, field, "2");
                assertThat(text(tab, "#verdict")).isEmpty();
            }
        }
    }

    @Test
    void aFileOfTheQuestionIsTakenBack() throws IOException {
        Path others = Files.writeString(scratch.resolve("others.json"), trustFile("ab".repeat(32)));
        try (Tab tab = trusted()) {
            assertThat(count(tab, "#trust-remove[hidden]")).isEqualTo(1);
            tab.choose("#trust", others);
            tab.until("document.querySelector('#verdict section') === null");
            verify(tab);
            assertThat(text(tab, "#problem")).contains("are not the same");
            press(tab, "#trust-remove");
            assertThat(count(tab, "#trust-remove[hidden]")).isEqualTo(1);
            assertThat(text(tab, "#problem")).isEmpty();
            verify(tab);
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
        }
    }

    @Test
    void theCharacterOfAGenesisThatIsNoDigitIsNamed() {
        try (Tab tab = browser.open(page)) {
            choose(tab, "#zip", zip);
            type(tab, "#genesis", " " + genesis.substring(0, 9) + "O" + genesis.substring(10));
            verify(tab);
            assertThat(text(tab, "#problem"))
                    .isEqualTo("A genesis is 64 hexadecimal digits, 0 to 9 and a to f;"
                            + " the character at place 10 of this is 'O'.");
            type(tab, "#genesis", genesis.substring(1));
            verify(tab);
            assertThat(text(tab, "#problem")).isEqualTo("A genesis is 64 hexadecimal digits; this has 63.");
            type(tab, "#genesis", genesis.toUpperCase(Locale.ROOT).replaceAll("(.{4})", "$1 "));
            verify(tab);
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
        }
    }

    /** As {@code verify --covers-until} takes it. */
    @Test
    void aTimeNeedsNoThousandths() {
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, genesis);
            type(tab, "#covers-until", "2026-11-22T01:02:03Z");
            choose(tab, "#zip", zip);
            assertThat(text(tab, "#problem")).isEmpty();
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
            type(tab, "#covers-until", "2026-11-22T01:02:04Z");
            verify(tab);
            assertThat(text(tab, "#verdict")).contains("(4)", "request-not-met");
            type(tab, "#covers-until", "2026-11-22 01:02:04Z");
            press(tab, "#verify");
            tab.until(ANSWERED);
            assertThat(text(tab, "#problem")).contains("is a time in UTC");
        }
    }

    private static String digest(Path file) {
        try {
            return Digest.of(Bytes.wrap(Files.readAllBytes(file))).hex();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
