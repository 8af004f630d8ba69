package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What both launchers, the checkout's and the one people install, start the JVM with. The JVM here is a script. */
class LauncherTest {
    private static final String SAYS_ALL = """
            #!/bin/sh
            echo "LC_ALL=${LC_ALL-unset} before=${TERRASEAL_LC_ALL-unset}"
            for word; do echo "$word"; done
            """;

    @TempDir
    Path directory;

    private List<Path> launchers;

    @BeforeEach
    void install() throws IOException {
        Path runtime = directory.resolve("runtime");
        program(runtime.resolve("bin/java"), SAYS_ALL);
        String dist = Files.readString(Terminal.ROOT.resolve("build/dist.sh"));
        String begin = "<<'LAUNCH'\n";
        int at = dist.indexOf(begin) + begin.length();
        Path installed =
                program(directory.resolve("bin/terraseal"), dist.substring(at, dist.indexOf("\nLAUNCH\n", at) + 1));
        launchers = List.of(Terminal.ROOT.resolve("terraseal"), installed);
    }

    private static Path program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    /** The lines that the JVM of each launcher says. */
    private List<List<String>> started(String options, List<String> locale, String... words) {
        List<List<String>> out = new ArrayList<>();
        for (Path launcher : launchers) {
            List<String> command = new ArrayList<>(
                    List.of("env", "-u", "LANG", "-u", "LC_ALL", "-u", "LC_CTYPE", "-u", "LC_MESSAGES"));
            command.addAll(locale);
            command.add(launcher.toString());
            command.addAll(List.of(words));
            Terminal.Result result = Terminal.run(
                    directory,
                    Map.of("JAVA_HOME", directory.resolve("runtime").toString(), "TERRASEAL_JAVA_OPTS", options),
                    command);
            assertThat(result.exit()).as(result.toString()).isZero();
            assertThat(result.err()).isEmpty();
            out.add(result.out().lines().toList());
        }
        return out;
    }

    @Test
    void whereNoLocaleCarriesLettersTheJvmGetsOneThatDoes() {
        for (String command : List.of("run", "verify")) {
            assertThat(started("", List.of(), command))
                    .allSatisfy(said -> assertThat(said).contains("LC_ALL=C.UTF-8 before="));
            assertThat(started("", List.of("LC_ALL=C", "LANG=de_DE.UTF-8"), command))
                    .allSatisfy(said -> assertThat(said).contains("LC_ALL=C.UTF-8 before=C"));
            assertThat(started("", List.of("LANG=POSIX"), command))
                    .allSatisfy(said -> assertThat(said).contains("LC_ALL=C.UTF-8 before="));
        }
    }

    @Test
    void aLocaleSomebodyChoseIsLeftAlone() {
        assertThat(started("", List.of("LANG=C.UTF-8"), "run"))
                .allSatisfy(said -> assertThat(said).contains("LC_ALL=unset before=unset"));
        assertThat(started("", List.of("LC_CTYPE=C.UTF-8", "LANG=C"), "run"))
                .allSatisfy(said -> assertThat(said).contains("LC_ALL=unset before=unset"));
    }

    @Test
    void aCollectorSomebodyNamesIsTheOnlyOne() {
        for (String command : List.of("up", "run", "log", "verify")) {
            assertThat(started("-Xlog:gc -XX:+UseG1GC", List.of(), command))
                    .allSatisfy(said -> assertThat(said)
                            .contains("-XX:+UseG1GC")
                            .doesNotContain("-XX:+UseSerialGC", "-XX:+UseParallelGC", "-Xmn400m"));
            assertThat(started("-XX:+UseAdaptiveSizePolicy", List.of(), command))
                    .allSatisfy(said -> assertThat(said).containsAnyOf("-XX:+UseSerialGC", "-XX:+UseParallelGC"));
        }
        assertThat(started("-Xmx300m", List.of(), "up"))
                .allSatisfy(
                        said -> assertThat(said).contains("-XX:+UseParallelGC").doesNotContain("-Xmn400m"));
    }
}
