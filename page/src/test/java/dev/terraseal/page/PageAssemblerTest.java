package dev.terraseal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be said about the page without a browser. */
class PageAssemblerTest {
    private static final Path SOURCES = Path.of("src/main/page");

    private static String page() {
        return new String(VerifyPage.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void theSameSourcesGiveTheSameBytesAndThoseAreOnTheClassPath() throws IOException {
        Matcher version = Pattern.compile("const VERSION = '([^']+)';").matcher(page());
        assertThat(version.find()).isTrue();
        assertThat(new PageAssembler(SOURCES, version.group(1)).page()).isEqualTo(page());
        assertThat(VerifyPage.sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void thePolicyAllowsNothingButTheOneScriptAndTheOneStyle() {
        Matcher policy = Pattern.compile("Content-Security-Policy\" content=\"([^\"]+)\"")
                .matcher(page());
        assertThat(policy.find()).isTrue();
        assertThat(policy.group(1).split("; "))
                .hasSize(7)
                .startsWith("default-src 'none'")
                .anyMatch(rule -> rule.matches("script-src 'sha256-[A-Za-z0-9+/]{43}='"))
                .anyMatch(rule -> rule.matches("style-src 'sha256-[A-Za-z0-9+/]{43}='"));
        assertThat(page().split("<script>", -1)).hasSize(2);
        assertThat(page().split("<style>", -1)).hasSize(2);
    }

    /** A name space of SVG and the types of our statements are names and no addresses of anything that is fetched. */
    @Test
    void thePageRefersToNothingOutsideOfItself() {
        assertThat(page())
                .doesNotContainPattern("(src|srcset|action|poster)=\"")
                .doesNotContain("@import", "url(");
        assertThat(page())
                .doesNotContain("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "import(", "eval(", "innerHTML");
    }

    @Test
    void everySourceIsOneThingThatCanBeReadInOneSitting() throws IOException {
        List<String> order = Files.readAllLines(SOURCES.resolve("order.txt"));
        try (Stream<Path> all = Files.walk(SOURCES.resolve("script"))) {
            for (Path script : all.filter(Files::isRegularFile).toList()) {
                String name = SOURCES.resolve("script").relativize(script).toString();
                assertThat(order).as("order.txt").contains(name);
                List<String> lines = Files.readAllLines(script);
                assertThat(lines.size()).as(name).isLessThanOrEqualTo(520);
                assertThat(lines.get(0)).as(name + " says what it is").startsWith("/*");
            }
        }
    }
}
