package dev.terraseal.testkit.s3;

import dev.terraseal.testkit.tools.Tool;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one door through which tests get an S3 that enforces Object Lock: a Ceph RGW on loopback, started by {@code
 * build/ceph.sh} where Debian's packages are installed. Where they are not the calling test is skipped by name, or fails
 * if {@code TERRASEAL_REQUIRE} names {@code ceph}. It ends with this JVM, however that ends.
 */
public final class TestCeph implements AutoCloseable {
    private static final List<String> PROGRAMS = List.of("ceph", "ceph-mon", "ceph-osd", "radosgw", "radosgw-admin");
    private static final long LIMIT_SECONDS = 180;
    private static @Nullable TestCeph shared;

    private final Path directory;
    private final String store;
    private Properties said = new Properties();

    private TestCeph(Path directory, String store) {
        this.directory = directory;
        this.store = store;
    }

    /** The one of this JVM, in memory: about 15 s at the first call. Tests make buckets of their own in it. */
    public static synchronized TestCeph shared() {
        if (shared == null) {
            TestCeph started = open("memstore");
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop-ceph"));
            shared = started;
        }
        return shared;
    }

    /** One of the caller's own, on disk: what it holds is there again after {@link #stop} and {@link #start}. */
    public static TestCeph onDisk() {
        return open("bluestore");
    }

    private static TestCeph open(String store) {
        for (String program : PROGRAMS) {
            if (!isOnPath(program)) {
                Tool.absent("ceph");
            }
        }
        try {
            // Short: its sockets lie in there.
            TestCeph ceph = new TestCeph(Files.createTempDirectory("ceph-"), store);
            ceph.start();
            return ceph;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each.isEmpty() ? "." : each, program)));
    }

    /** For {@code archive.s3.endpoint}; the same after a restart. Path style. */
    public URI endpoint() {
        return URI.create(said.getProperty("endpoint"));
    }

    /** Of the one user there is, who owns every bucket and may do all that the store lets anybody do. */
    public String accessKey() {
        return said.getProperty("access");
    }

    public String secretKey() {
        return said.getProperty("secret");
    }

    /** Returns when it answers. */
    public void start() {
        said = script(List.of(
                "start",
                directory.toString(),
                store,
                Long.toString(ProcessHandle.current().pid())));
    }

    /** Returns when it is gone. */
    public void stop() {
        script(List.of("stop", directory.toString()));
    }

    private Properties script(List<String> arguments) {
        Path root = Path.of(System.getProperty("maven.multiModuleProjectDirectory", ".."));
        List<String> command =
                new ArrayList<>(List.of(root.resolve("build/ceph.sh").toString()));
        command.addAll(arguments);
        try {
            Path out = directory.resolve("ceph.out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(out, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + " failed: " + text);
            }
            Properties answer = new Properties();
            answer.load(new java.io.StringReader(text));
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Ceph was started or stopped", e);
        }
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
