package dev.terraseal.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.page.VerifyPage;
import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.log.BundleBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The second verifier: this release's verify.html in a real Chromium, asked as its own form asks it. */
final class InBrowser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANSWER = """
            (async (files, genesis, trust) => {
              const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
              const content = { files: new Map(Object.entries(files).map(([name, text]) => [name, bytes(text)])) };
              const { code, findings } = await verifyGiven(content, { genesis, atLeast: null, trust: trust && bytes(trust), fromCheckpoint: null });
              const first = findings.find((finding) => finding.failure);
              return code + (first ? ' ' + first.layer + ' ' + first.name : '');
            })""";

    private final Chromium browser;
    private final Tab tab;

    InBrowser(Path scratch) throws IOException, InterruptedException {
        browser = Chromium.start();
        Path page = scratch.resolve("verify.html");
        Files.write(page, VerifyPage.bytes());
        tab = browser.open(page);
    }

    /** {@code code layer finding} of the first failure; {@code 0} where all holds. */
    String answer(BundleBytes bundle, String genesis) {
        return ask(bundle, "'" + genesis + "', null");
    }

    /** The same under a trust file. */
    String answer(BundleBytes bundle, String genesis, Bytes trust) {
        return ask(bundle, "'" + genesis + "', '" + trust.base64() + "'");
    }

    private String ask(BundleBytes bundle, String arguments) {
        ObjectNode files = JSON.createObjectNode();
        bundle.files().forEach((name, content) -> files.put(name, content.base64()));
        JsonNode answer = tab.evaluate(ANSWER + "(" + files + ", " + arguments + ")");
        return answer.asText();
    }

    @Override
    public void close() throws IOException {
        browser.close();
    }
}
