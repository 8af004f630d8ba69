package dev.terraseal.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The verifier never opens a connection, because nothing in its jar could: no class of it names what connects, be it as a
 * type or as a text that reflection could take. Nor does it start another program that might.
 */
class NoNetworkTest {
    private static final List<Path> JAR = List.of(Path.of("target/classes"), Path.of("../core/target/classes"));

    /** Names with slashes or dots. An URI is a text that nobody opens; a FileChannel is of a file. */
    private static final Pattern CONNECTS = Pattern.compile("("
            + "java[./]net[./](?!URI\\b|URISyntaxException\\b)"
            + "|java[./]nio[./]channels[./](?!FileChannel\\b|SeekableByteChannel\\b)"
            + "|javax[./](net|naming|management[./]remote)[./]"
            + "|java[./]rmi[./]"
            + "|(com[./])?sun[./]net[./]"
            + "|java[./]lang[./](ProcessBuilder|ProcessHandle)\\b"
            + "|^exec$)");

    private static List<String> named(byte[] classFile) throws IOException {
        return ClassFile.parse(classFile).texts().stream()
                .filter(text -> CONNECTS.matcher(text).find())
                .toList();
    }

    private static List<String> named(Class<?> planted) throws IOException {
        try (InputStream in =
                planted.getResourceAsStream("/" + planted.getName().replace('.', '/') + ".class")) {
            return named(in.readAllBytes());
        }
    }

    @Test
    void noClassOfTheJarNamesWhatConnects() throws IOException {
        List<String> found = new ArrayList<>();
        int read = 0;
        for (Path classes : JAR) {
            List<Path> files;
            try (Stream<Path> all = Files.walk(classes)) {
                files = all.filter(file -> file.toString().endsWith(".class")).toList();
            }
            for (Path file : files) {
                read++;
                named(Files.readAllBytes(file)).forEach(text -> found.add(file + " names " + text));
            }
        }
        assertThat(found).isEmpty();
        assertThat(read).as("classes of verifier and core").isGreaterThan(150);
    }

    /** Each of these would fail the test above if it were in the jar. */
    static final class Planted {
        static class Connecting {
            final Object socket = new Socket();
        }

        static class Fetching {
            InputStream of(String text) throws IOException {
                return new URL(text).openStream();
            }
        }

        static class Asking {
            final HttpClient client = HttpClient.newHttpClient();
        }

        static class Sending {
            DatagramSocket to;
        }

        static class Listening {
            SocketChannel from;
        }

        static class Reflecting {
            final String name = "java.net.http.HttpClient";

            Object make() throws ReflectiveOperationException {
                return Class.forName(name);
            }
        }

        static class Delegating {
            Process curl() throws IOException {
                return new ProcessBuilder("curl").start();
            }
        }

        static class Executing {
            Process curl() throws IOException {
                return Runtime.getRuntime().exec("curl");
            }
        }

        static class Harmless {
            final URI uri = URI.create("https://terraseal.dev/terraform-apply/v1");
            final Path file = Path.of(uri.getPath());
        }
    }

    @Test
    void whatIsPlantedIsFound() throws IOException {
        for (Class<?> planted : Planted.class.getDeclaredClasses()) {
            boolean harmless = planted == Planted.Harmless.class;
            assertThat(named(planted).isEmpty()).as(planted.getSimpleName()).isEqualTo(harmless);
        }
    }
}
