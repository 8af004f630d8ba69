package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
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

    private static final String SAID = """
            (() => {
              try {
                parseTrust(Uint8Array.from(atob('%s'), (character) => character.charCodeAt(0)));
                return 'taken';
              } catch (wrong) {
                return wrong.message;
              }
            })()
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

    /** Beside it stands a field of its own for the genesis, which a message without a name would be taken for. */
    @Test
    void whatIsWrongIsSaidOfTheTrustFile() throws IOException, InterruptedException {
        Path page = Files.write(scratch.resolve("verify.html"), VerifyPage.bytes());
        String whole = "{\"format\":1,\"genesis\":\"" + "ab".repeat(32) + "\",\"origin\":\"terraseal.local/demo\"}";
        try (Chromium browser = Chromium.start();
                Tab tab = browser.open(page)) {
            assertThat(said(tab, "{")).isEqualTo("the trust file cannot be read: it ends too early at character 1");
            assertThat(said(tab, "{\"format\":1}")).isEqualTo("the trust file lacks the member 'origin'");
            assertThat(said(tab, whole.replace(":1", ":2"))).isEqualTo("the trust file is not of format 1");
            assertThat(said(tab, whole.replace("ab", "AB")))
                    .isEqualTo("in the trust file 'genesis' is not 64 lower-case hexadecimal digits");
            assertThat(said(tab, whole.replace("}", ",\"require\":[{\"from\":0}]}")))
                    .isEqualTo("in the trust file 'require' lacks the member 'use'");
            assertThat(said(tab, whole.replace("}", ",\"witnesses\":\"w\"}")))
                    .startsWith("in the trust file 'witnesses' is a policy whose last line");
            assertThat(said(tab, whole.replace("}", ",\"timeAuthorities\":[{\"root\":\"x\"}]}")))
                    .startsWith("in the trust file 'timeAuthorities' has a root that is not one certificate");
        }
    }

    private static String said(Tab tab, String file) {
        String bytes = Bytes.utf8(file).base64();
        return tab.evaluate(SAID.formatted(bytes)).asText();
    }
}
