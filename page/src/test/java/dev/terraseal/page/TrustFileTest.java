package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.mutation.TrustFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page takes the trust files that Java takes, and no other (verifier, TrustFileFormsTest). */
class TrustFileTest {
    private static final String ASK = """
            ((text) => {
              try {
                parseTrust(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
                return 'taken';
              } catch (wrong) {
                return wrong instanceof Malformed ? 'refused' : 'broken by it: ' + wrong.stack;
              }
            })('%s')
            """;

    @TempDir
    private Path scratch;

    @Test
    void oneMeaningIsTakenAndAnyOtherFormRefused() throws IOException, InterruptedException {
        Path page = Files.write(scratch.resolve("verify.html"), VerifyPage.bytes());
        List<String> wrong = new ArrayList<>();
        try (Chromium browser = Chromium.start();
                Tab tab = browser.open(page)) {
            for (TrustFiles.Case each : TrustFiles.all(20261129L)) {
                String answer =
                        tab.evaluate(String.format(ASK, each.file().base64())).asText();
                if (!answer.equals(each.taken() ? "taken" : "refused")) {
                    wrong.add(each.name() + " is " + answer);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
