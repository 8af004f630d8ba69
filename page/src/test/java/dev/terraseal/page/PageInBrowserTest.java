package dev.terraseal.page;

import static dev.terraseal.page.Form.ANSWERED;
import static dev.terraseal.page.Form.choose;
import static dev.terraseal.page.Form.giveGenesis;
import static dev.terraseal.page.Form.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.log.PlainZip;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a person meets it: opened from disk, files chosen, the verdict read. */
class PageInBrowserTest {
    private static final String SAID =
            "document.querySelector('#verdict h2') !== null || !document.getElementById('problem').hidden";

    @TempDir
    static Path scratch;

    private static Chromium browser;
    private static Path page;
    private static LogFixture log;
    private static BundleBytes bundle;
    private static Path folder;
    private static Path zip;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = Chromium.start();
        page = scratch.resolve("verify.html");
        Files.write(page, VerifyPage.bytes());
        log = LogFixture.small();
        bundle = FixtureExport.of(log).whole();
        folder = scratch.resolve("bundle");
        bundle.write(folder);
        zip = Files.write(
                scratch.resolve("bundle.zip"), PlainZip.of(bundle).bytes().toByteArray());
    }

    @AfterAll
    static void stop() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void aZipIsChosenAndTrustedUnderTheGenesis() {
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, log.log().genesis().hex());
            choose(tab, "#zip", zip);
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
            assertThat(text(tab, ".layers")).contains("Seal valid", "Hash chain valid", "State continuity valid");
            assertThat(text(tab, "#result")).contains("Proven", "Not proven", "That what is recorded is true.");
            assertThat(tab.evaluate("document.querySelectorAll('.block').length")
                            .asInt())
                    .isEqualTo(4);
            assertThat(tab.evaluate("document.querySelectorAll('tbody tr').length")
                            .asInt())
                    .isEqualTo(4);
        }
    }

    @Test
    void aZipAndAFolderAreDraggedInAndDropped() {
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, log.log().genesis().hex());
            tab.drop("#drop", zip);
            tab.until(SAID);
            assertThat(text(tab, "#problem")).isEmpty();
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
        }
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, log.log().genesis().hex());
            tab.drop("#drop", folder);
            tab.until(SAID);
            assertThat(text(tab, "#problem")).isEmpty();
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
            assertThat(text(tab, ".layers")).contains("4 artifacts");
        }
    }

    /** Written by the real exporter: with population.csv, report.html and a page of its own. */
    @Test
    void theCheckedInBundleOfARealApplyIsTrusted() throws IOException {
        Path examples = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."), "examples");
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, Files.readString(examples.resolve("demo.genesis")).strip());
            choose(tab, "#folder", examples.resolve("demo"));
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
            assertThat(text(tab, ".layers")).contains("population.csv, report.html, manifest counts");
        }
    }

    @Test
    void aFolderIsChosenAndWithoutAGenesisItIsIntactAndNotYetTrusted() {
        try (Tab tab = browser.open(page)) {
            choose(tab, "#folder", folder);
            assertThat(text(tab, "#verdict h2")).isEqualTo("INTACT, NOT YET TRUSTED (5)");
            assertThat(text(tab, "#verdict")).contains(log.log().genesis().hex());
            giveGenesis(tab, "ab".repeat(32));
            tab.evaluate("document.getElementById('verify').click(); 0");
            tab.until("document.querySelector('#verdict h2')?.innerText.includes('(4)') === true");
            assertThat(text(tab, "#verdict")).contains("wrong-genesis");
        }
    }

    @Test
    void aChangedByteIsNamedTheLinkIsRedAndTheNeighboursHold() throws IOException {
        Path broken = scratch.resolve("broken");
        bundle.write(broken);
        Path artifact = broken.resolve("artifacts/00000000000000000001.json");
        Files.writeString(artifact, Files.readString(artifact).replace("succeeded", "sucXeeded"));
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, log.log().genesis().hex());
            choose(tab, "#folder", broken);
            assertThat(text(tab, "#verdict")).contains("VERIFICATION FAILED (4)", "hash-mismatch");
            assertThat(text(tab, ".layers")).contains("first difference at byte", "entries 0 and 2 still hold");
            assertThat(tab.evaluate("document.querySelectorAll('.block.broken').length")
                            .asInt())
                    .isEqualTo(1);
            assertThat(tab.evaluate("document.querySelectorAll('.link.broken').length")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatIsAskedOfTheHeadIsAskedByTheFormToo() {
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, log.log().genesis().hex());
            tab.evaluate("document.getElementById('at-least').value = '5'; 0");
            choose(tab, "#zip", zip);
            assertThat(text(tab, "#verdict")).contains("(4)", "request-not-met");
            tab.evaluate(
                    "document.getElementById('at-least').value = 'many'; document.getElementById('verify').click(); 0");
            tab.until("!document.getElementById('problem').hidden");
            assertThat(text(tab, "#verdict")).isEmpty();
        }
    }

    /** As {@code verify} ends with 2: whoever gave it is told, and the bundle gets no verdict. */
    @Test
    void anEarlierCheckpointThatIsNoNoteIsNoQuestion() throws IOException {
        Path torn = Files.writeString(scratch.resolve("torn"), log.log().origin() + "\n5\n");
        Path own = Files.write(
                scratch.resolve("own"), bundle.files().get("checkpoint").toByteArray());
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, log.log().genesis().hex());
            tab.choose("#from-checkpoint", torn);
            tab.choose("#zip", zip);
            tab.until(SAID);
            assertThat(text(tab, "#problem")).contains("the earlier checkpoint is not a signed note");
            assertThat(text(tab, "#verdict")).isEmpty();
            tab.choose("#from-checkpoint", own);
            tab.evaluate("document.getElementById('verify').click(); 0");
            tab.until(ANSWERED);
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
        }
    }

    /** The page cannot judge them, and "verification failed" would be untrue of a good one. */
    @Test
    void aReceiptOrAnArchiveIsForTheCommandAndGetsNoVerdict() throws IOException {
        Path examples = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."), "examples");
        Path archive = scratch.resolve("archive");
        FixtureArchive.write(log, archive, 3);
        Path born = scratch.resolve("born");
        FixtureArchive.write(new LogFixture("terraseal.local/born"), born, 3);
        try (Tab tab = browser.open(page)) {
            assertNotForThisPage(tab, "#zip", examples.resolve("receipt/0.receipt.json"));
            assertNotForThisPage(tab, "#folder", archive);
            assertNotForThisPage(tab, "#folder", born);
            choose(tab, "#folder", folder);
            assertThat(text(tab, "#verdict h2")).isEqualTo("INTACT, NOT YET TRUSTED (5)");
            assertThat(text(tab, "#problem")).isEmpty();
        }
    }

    private static void assertNotForThisPage(Tab tab, String input, Path given) {
        tab.choose(input, given);
        tab.until(SAID);
        assertThat(text(tab, "#problem"))
                .isEqualTo("receipts and archives are for `terraseal verify`; this page judges bundles");
        assertThat(text(tab, "#verdict")).isEmpty();
        tab.evaluate("problem(''); 0");
    }

    /** The counter-proof comes first: the same address answers where no policy forbids it. */
    @Test
    void thePolicyLetsNoConnectionOut() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().add("Access-Control-Allow-Origin", "*");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        String attempts = """
                (async (address) => {
                  const violations = [];
                  document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
                  const image = new Image();
                  image.src = address + 'image';
                  const fetched = await fetch(address + 'fetch').then(() => 'fetched', () => 'refused');
                  navigator.sendBeacon(address + 'beacon');
                  try { new WebSocket(address.replace('http', 'ws')); } catch (refused) { violations.push('thrown'); }
                  const frame = document.createElement('iframe');
                  frame.src = address + 'frame';
                  document.body.append(frame);
                  await new Promise((resolve) => setTimeout(resolve, 500));
                  return fetched + ' ' + violations.join(' ');
                })('%s')
                """.formatted(address);
        try {
            Path bare =
                    Files.writeString(scratch.resolve("bare.html"), "<!DOCTYPE html><title>no policy</title><body>");
            try (Tab tab = browser.open(bare)) {
                assertThat(tab.evaluate(attempts).asText()).startsWith("fetched");
                assertThat(asked.get()).isGreaterThanOrEqualTo(3);
            }
            asked.set(0);
            try (Tab tab = browser.open(page)) {
                assertThat(tab.evaluate(attempts).asText())
                        .startsWith("refused")
                        .contains("connect-src", "img-src", "frame-src");
                assertThat(asked).hasValue(0);
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void textFromABundleIsTextAndNothingElse() throws IOException {
        String ticket = "<img src=x onerror=alert(1)></script>\u202egnp.exe\u0007";
        LogFixture hostile = new LogFixture("terraseal.local/hostile");
        Json.Obj body = Json.obj()
                .put("outcome", "succeeded")
                .put("change", Json.obj().put("ticket", ticket).build())
                .build();
        hostile.append(PredicateType.TERRAFORM_APPLY, "acme/infra/prod", "hostile", body);
        Path file = scratch.resolve("hostile.zip");
        Files.write(file, PlainZip.of(FixtureExport.of(hostile).whole()).bytes().toByteArray());
        try (Tab tab = browser.open(page)) {
            giveGenesis(tab, hostile.log().genesis().hex());
            choose(tab, "#zip", file);
            assertThat(text(tab, "#verdict h2")).isEqualTo("TRUSTED (0)");
            assertThat(text(tab, "tbody")).contains("<img src=x onerror=alert(1)></script>\\u202egnp.exe\\u0007");
            assertThat(tab.evaluate("document.querySelectorAll('img').length").asInt())
                    .isZero();
        }
    }

    @Test
    void whatTheBrowserCannotCheckIsNotCheckedAndNeverValid() {
        try (Tab tab = browser.open(page)) {
            tab.evaluate("""
                    const whole = SubtleCrypto.prototype.importKey;
                    SubtleCrypto.prototype.importKey = function (format, bytes, algorithm, ...more) {
                      return algorithm.name === 'Ed25519'
                        ? Promise.reject(new DOMException('no such algorithm', 'NotSupportedError'))
                        : whole.call(this, format, bytes, algorithm, ...more);
                    };
                    0
                    """);
            giveGenesis(tab, log.log().genesis().hex());
            choose(tab, "#zip", zip);
            assertThat(text(tab, "#verdict")).contains("NOT EVALUATED (3)");
            assertThat(text(tab, ".layers")).contains("Checkpoint not checked").doesNotContain("Checkpoint valid");
        }
    }

    @Test
    void aKeyboardIsEnough() {
        try (Tab tab = browser.open(page)) {
            choose(tab, "#zip", zip);
            tab.evaluate("document.getElementById('genesis').focus(); 0");
            giveGenesis(tab, log.log().genesis().hex());
            tab.press("Enter", "\r");
            tab.until("document.querySelector('#verdict h2')?.innerText === 'TRUSTED (0)'");
            assertThat(tab.evaluate("document.activeElement.id").asText()).isEqualTo("verdict");
        }
    }

    @Test
    void everyFieldHasALabelAndEveryDrawingSaysWhatItShows() {
        try (Tab tab = browser.open(page)) {
            choose(tab, "#zip", zip);
            String nameless = """
                    [...document.querySelectorAll('input, svg, button, table')].filter((element) =>
                      !(element.labels && element.labels.length > 0) && !element.getAttribute('aria-label')
                      && !(element.innerText && element.innerText.trim())).map((element) => element.outerHTML.substring(0, 80)).join()
                    """;
            assertThat(tab.evaluate(nameless).asText()).isEmpty();
            assertThat(tab.evaluate("document.documentElement.lang").asText()).isEqualTo("en");
        }
    }
}
