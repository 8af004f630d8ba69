package dev.terraseal.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LocaleTest {
    private static final String VERIFY =
            Path.of(System.getProperty("java.home"), "bin", "java") + " -XX:TieredStopAtLevel=1 -cp '"
                    + System.getProperty("java.class.path") + "' dev.terraseal.verifier.Main verify ";

    /** A shell starts it, for this JVM itself may be in a locale that cannot. */
    @Test
    void aNameThatTheLocaleCannotCarryIsTheCallersToMend(@TempDir Path directory) throws Exception {
        for (String words : new String[] {"Prüfung.zip", ". --trust Prüfung.json", ". --report Prüfung.html"}) {
            Path script = Files.writeString(directory.resolve("script"), "LC_ALL=C exec " + VERIFY + words + "\n");
            Process process = new ProcessBuilder("sh", script.toString())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isEqualTo(2);
            assertThat(said).contains("exit 2: ", "This locale (", "cannot carry the name; set LC_ALL=C.UTF-8");
        }
    }
}
