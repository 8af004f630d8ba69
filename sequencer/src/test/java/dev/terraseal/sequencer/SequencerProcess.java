package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.KafkaConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A sequencer in a process of its own, to be killed. */
final class SequencerProcess {
    private SequencerProcess() {}

    public static void main(String[] arguments) throws Exception {
        LogDeclaration log = LogDeclaration.parse(Bytes.wrap(Files.readAllBytes(Path.of(arguments[2]))));
        SequencerService service = BrokerFixture.service(
                BrokerFixture.config(new KafkaConnection(arguments[0], Map.of()), Path.of(arguments[1]), List.of(log)),
                fatal -> {
                    System.err.println(fatal);
                    Runtime.getRuntime().halt(3);
                });
        service.start();
        System.out.println(service.awaitReady(Duration.ofSeconds(180)) ? "ready" : "not ready");
        new CountDownLatch(1).await();
    }

    static Process start(String bootstrap, Path state, Path log) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SequencerProcess.class.getName(),
                        bootstrap,
                        state.toString(),
                        log.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals("ready")) {
                return process;
            }
        }
        throw new IOException("the sequencer process ended before it was ready, exit " + process.exitValue());
    }
}
