package dev.terraseal.bench.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code terraseal up} as a user starts it, in a process of its own with the options of this one. */
final class UpProcess implements AutoCloseable {
    private static final String COMMAND = "dev.terraseal.cli.Terraseal";
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final JsonNode ready;

    private UpProcess(Process process, JsonNode ready) {
        this.process = process;
        this.ready = ready;
    }

    /** @param record where to keep a flight recording, null for none */
    static UpProcess start(Path data, String signing, @Nullable String record) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        if (record != null) {
            command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + record);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), COMMAND, "up", "--json"));
        command.addAll(List.of("--data", data.toString(), "--port", "0", "--kafka-port", "0", "--signing", signing));
        Process process = new ProcessBuilder(command)
                .redirectError(data.resolveSibling("up.err").toFile())
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("{")) {
            line = out.readLine();
        }
        if (line == null) {
            // The file goes with the directory.
            throw new IOException("up ended before it was ready: " + Files.readString(data.resolveSibling("up.err")));
        }
        return new UpProcess(process, new ObjectMapper().readTree(line));
    }

    String kafka() {
        return ready.get("kafka").asText();
    }

    URI registry() {
        return URI.create(ready.get("registry").asText());
    }

    /** A gauge of {@code /metrics}. */
    long gauge(String name) throws IOException, InterruptedException {
        String metrics = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(ready.get("http").asText() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IOException("up has no gauge " + name));
    }

    /** Time of all its threads on processors so far. */
    Duration processor() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Bytes of its heap that are alive: counting objects by class collects all others first. */
    long liveHeap() throws IOException, InterruptedException {
        Process counting = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String last = "";
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(counting.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line;
            }
        }
        String[] total = last.trim().split("\\s+");
        if (counting.waitFor() != 0 || total.length != 3 || !total[0].equals("Total")) {
            throw new IOException("jcmd did not count the objects of process " + process.pid() + ": " + last);
        }
        return Long.parseLong(total[2]);
    }

    /** As Ctrl-C does. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("up did not stop within " + STOP_SECONDS + " s");
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
