package dev.terraseal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.keys.change.PendingChange;
import dev.terraseal.testkit.kms.KeySpec;
import dev.terraseal.testkit.kms.KmsStandIn;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code key …}, as it is called, beside a log that has just begun. */
class KeyCommandTest {
    private static final Pattern SUBMIT = Pattern.compile("terraseal key submit (\\S+\\.json)");

    @TempDir
    private Path directory;

    private String err = "";

    private int run(Object... words) {
        StringWriter errors = new StringWriter();
        int code = Terraseal.command()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(errors))
                .execute(Arrays.stream(words).map(Object::toString).toArray(String[]::new));
        err = errors.toString();
        return code;
    }

    @BeforeEach
    void begin() {
        // What the SDK finds first; the stand-in asks for a signature and not whose it is.
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
    }

    @AfterEach
    void forget() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private void log(Object... more) {
        Object[] words = Stream.concat(
                        Stream.of("log", "init", "--dir", directory.resolve("log"), "--archive", archive()),
                        Stream.of(more))
                .toArray();
        assertThat(run(words)).as(err).isZero();
    }

    private Path archive() {
        return directory.resolve("archive");
    }

    private List<Path> keyFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("log/keys"))) {
            return files.sorted().toList();
        }
    }

    private int rotate(Object... more) {
        return run(Stream.concat(
                        Stream.of(
                                "key",
                                "rotate",
                                "--archive",
                                archive(),
                                "--keys",
                                directory.resolve("log/keys"),
                                "--reason",
                                "test"),
                        Stream.of(more))
                .toArray());
    }

    private HttpServer answering(int status, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] content = body.getBytes(UTF_8);
            exchange.getRequestBody().readAllBytes();
            // Longer than the command waits for anything, so that it gives up at once.
            exchange.getResponseHeaders().set("Retry-After", "9999");
            exchange.sendResponseHeaders(status, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The authority's key is back in its safe by then, and the same command again would make another key. */
    @Test
    void aChangeThatCouldNotBeSentIsThereToBeSentAgain() throws Exception {
        log();
        HttpServer busy = answering(503, "");
        Path file = null;
        try {
            assertThat(rotate("--authority", directory.resolve("log/authority"), "--server", address(busy)))
                    .as(err)
                    .isEqualTo(ExitCode.UNAVAILABLE);
            Matcher named = SUBMIT.matcher(err);
            assertThat(named.find()).as(err).isTrue();
            file = Path.of(named.group(1));
            PendingChange change = PendingChange.parse(Bytes.wrap(Files.readAllBytes(file)));
            assertThat(change.signatures())
                    .as("the new key's and the authority's")
                    .hasSize(2);
            assertThat(change.contents().action()).isEqualTo(KeyEvent.Action.ROTATE);
            assertThat(run("key", "submit", file, "--archive", archive(), "--server", address(busy)))
                    .as(err)
                    .isEqualTo(ExitCode.UNAVAILABLE);
            assertThat(err).contains("terraseal key submit " + file);
            assertThat(file).exists();
        } finally {
            busy.stop(0);
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Test
    void aChangeThatTheLogRefusedIsNotLeftToBeSentAgain() throws Exception {
        log();
        List<Path> before = changesHere();
        HttpServer refusing = answering(
                422,
                "{\"type\":\"https://terraseal.dev/problems/invalid-event\",\"code\":\"invalid-event\",\"detail\":\"no\"}");
        try {
            assertThat(rotate("--authority", directory.resolve("log/authority"), "--server", address(refusing)))
                    .as(err)
                    .isEqualTo(ExitCode.USAGE);
            assertThat(err).contains("the log refused the change");
            assertThat(changesHere()).isEqualTo(before);
        } finally {
            refusing.stop(0);
        }
    }

    private static List<Path> changesHere() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("").toAbsolutePath())) {
            return files.filter(file -> file.getFileName().toString().startsWith("key-event-"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aChangeThatIsRefusedOrNotSignedMakesNoKey() throws Exception {
        log();
        List<Path> before = keyFiles();
        assertThat(rotate("--use", "export", "--algorithm", "ED25519_SHA_512", "--out", directory.resolve("change")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err).contains("openssl dgst -verify");
        assertThat(rotate("--authority", directory.resolve("log/keys"))).isEqualTo(ExitCode.USAGE);
        assertThat(err).contains("holds no authority-*.pem");
        assertThat(keyFiles()).isEqualTo(before);
        assertThat(rotate("--out", directory.resolve("change"))).as(err).isZero();
        assertThat(keyFiles()).hasSize(before.size() + 1);
    }

    @Test
    void anAuthorityAtKmsIsAskedAtTheEndpointThatIsNamed() throws Exception {
        try (KmsStandIn kms = new KmsStandIn()) {
            String arn = "awskms://" + kms.createKey(KeySpec.ECC_NIST_P256);
            log();
            Path change = directory.resolve("change.json");
            assertThat(rotate("--out", change)).as(err).isZero();
            assertThat(run("key", "sign", change, "--authority", arn, "--kms-endpoint", kms.endpoint()))
                    .as(err)
                    .isZero();
            assertThat(PendingChange.parse(Bytes.wrap(Files.readAllBytes(change)))
                            .signatures())
                    .hasSize(2);
            assertThat(kms.count("Sign")).isEqualTo(1);
        }
    }
}
