package dev.terraseal.testkit.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A test that is skipped past {@link Tool} is missing from the build's last line, which then says that all was there. */
class SkippedTestsTest {
    private static final Path ROOT = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));
    private static final Pattern SKIPS = Pattern.compile(
            "\\bAssumptions\\b|\\bTestAbortedException\\b|\\bassum(e|ing)(That|True|False)\\b|@(Dis|En)abled(If|On|For)?");

    /** Long or paid-for runs that somebody asks for by a property, and no tool could bring. */
    private static final List<String> ASKED_FOR = List.of("RestartTest.java", "S3ServiceTest.java");

    /** Goes on with its other disasters where {@link Tool} has said, and written down, that one of them lacks a tool. */
    private static final String GOES_ON = "ChaosTest.java";

    @Test
    void noTestIsSkippedButByTool() throws IOException {
        List<String> skipped = new ArrayList<>();
        int read = 0;
        for (Path source : sources()) {
            read++;
            String name = source.getFileName().toString();
            if (SKIPS.matcher(Files.readString(source, StandardCharsets.UTF_8)).find()
                    && !ASKED_FOR.contains(name)
                    && !name.equals(GOES_ON)
                    && !name.equals("Tool.java")
                    && !name.equals("SkippedTestsTest.java")) {
                skipped.add(ROOT.relativize(source).toString());
            }
        }
        assertThat(skipped)
                .as("tests that skip themselves: call Tool.require or Tool.absent instead")
                .isEmpty();
        assertThat(read).as("sources of tests below %s", ROOT).isGreaterThan(300);
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.sorted().toList()) {
                for (String part : List.of("src/test/java", "src/main/java")) {
                    boolean ofTests = part.contains("test") || module.endsWith("testkit");
                    if (ofTests && Files.isDirectory(module.resolve(part))) {
                        try (Stream<Path> all = Files.walk(module.resolve(part))) {
                            all.filter(file -> file.toString().endsWith(".java"))
                                    .forEach(sources::add);
                        }
                    }
                }
            }
        }
        return sources;
    }
}
