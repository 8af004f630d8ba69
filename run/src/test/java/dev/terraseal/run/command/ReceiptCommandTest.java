package dev.terraseal.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.run.apply.Terminal;
import dev.terraseal.run.client.HttpLogClient;
import dev.terraseal.run.client.LogServer;
import dev.terraseal.run.client.Pause;
import dev.terraseal.run.client.SentEvent;
import dev.terraseal.run.client.Wait;
import dev.terraseal.run.server.Events;
import dev.terraseal.run.server.FakeLogServer;
import dev.terraseal.run.terraform.Interrupts;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReceiptCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private FakeLogServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FakeLogServer();
        Bytes event = Events.apply("acme/infra", "run-1", "succeeded");
        new HttpLogClient(new LogServer(URI.create(server.url()), null), Duration.ofSeconds(5), Pause.sleeping())
                .post(event, List.of(SentEvent.parse(event)), Wait.ACCEPTED);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int receipt(Map<String, String> environment, String... words) {
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        Caller caller = new Caller(
                terminal, environment, directory, directory, InstantSource.system(), new Random(1), Interrupts::none);
        return new CommandLine(new ReceiptCommand(caller)).execute(words);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void itSaysByWhichKeysItWasChecked() {
        assertThat(receipt(Map.of("TERRASEAL_SERVER", server.url()), "--sequence", "0"))
                .isZero();
        assertThat(said()).contains("signed, with its proof, by keys it brings itself (--genesis says");
        Map<String, String> pinned = Map.of(
                "TERRASEAL_SERVER",
                server.url(),
                "TERRASEAL_GENESIS",
                server.genesis().hex());
        err.reset();
        assertThat(receipt(pinned, "--sequence", "0")).isZero();
        assertThat(said()).endsWith("signed, with its proof\n");
    }

    @Test
    void oneThatDoesNotHoldIsWrittenAndNamedAsSuch() {
        server.forging();
        assertThat(receipt(Map.of("TERRASEAL_SERVER", server.url()), "--sequence", "0"))
                .isEqualTo(4);
        assertThat(said()).contains("THE RECEIPT DOES NOT HOLD").doesNotContain("signed, with");
        assertThat(Receipt.parse(Bytes.wrap(out.toByteArray()))
                        .statement()
                        .sequence()
                        .value())
                .isZero();
    }

    @Test
    void aGenesisThatIsNoneIsWrongUsage() {
        assertThat(receipt(Map.of("TERRASEAL_SERVER", server.url()), "--sequence", "0", "--genesis", "6b1f"))
                .isEqualTo(2);
        assertThat(said()).contains("'6b1f' is no genesis");
    }
}
