package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.page.browser.Chromium;
import dev.terraseal.page.browser.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A zip of as many bytes as there may be and one of a byte more; the browser keeps what repeats in them once. */
class LargeZipTest {
    private static final String ZIP = """
            globalThis.zipOf = async (bytes) => {
              const chunk = new Blob([new Uint8Array(1 << 26)]);
              const member = { name: 'a', crc: 0, size: bytes - 22 - 2 * 1 - 30 - 46, at: 0 };
              const chunks = Array(Math.floor(member.size / chunk.size)).fill(chunk);
              const rest = new Uint8Array(member.size % chunk.size);
              const central = centralHeader(member);
              const begin = bytes - 22 - central.length;
              const blob = new Blob([localHeader(member), ...chunks, rest, central, endRecord(1, central.length, begin)]);
              return blob.size + ' ' + await openZip(blob).then(() => 'opened', (refused) => refused.message);
            };
            0
            """;

    @TempDir
    private Path scratch;

    @Test
    void aZipOfMoreBytesThanItsFieldsCanSayIsRefused() throws IOException, InterruptedException {
        Path page = scratch.resolve("verify.html");
        Files.write(page, VerifyPage.bytes());
        try (Chromium browser = Chromium.start();
                Tab tab = browser.open(page)) {
            tab.evaluate(ZIP);
            assertThat(tab.evaluate("zipOf(0xfffffffe)").asText()).isEqualTo("4294967294 opened");
            assertThat(tab.evaluate("zipOf(0xffffffff)").asText())
                    .isEqualTo("4294967295 is not a zip in canonical form: it has more than 4294967294 bytes");
        }
    }
}
