package dev.terraseal.e2e;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A running {@code terraseal up}: a process of its own, so that it can be killed. */
final class Up implements AutoCloseable {
    private final Process process;
    private final Json.Obj ready;
    private final long startMillis;

    private Up(Process process, Json.Obj ready, long startMillis) {
        this.process = process;
        this.ready = ready;
        this.startMillis = startMillis;
    }

    /** Starts on free ports and returns when it says that it takes events. Its log is appended to {@code up.log} in data. */
    static Up start(Path data, String... more) throws IOException {
        return start(data, Map.of(), more);
    }

    static Up start(Path data, Map<String, String> environment, String... more) throws IOException {
        Files.createDirectories(data);
        List<Object> args =
                new ArrayList<>(List.of("up", "--data", data, "--json", "--port", "0", "--kafka-port", "0"));
        args.addAll(List.of(more));
        long begin = System.nanoTime();
        Process process = Terminal.start(data, environment, Terminal.command(args.toArray()));
        Path log = data.resolve("up.log");
        Thread errors = new Thread(() -> {
            try (var in = process.getErrorStream();
                    var out = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                in.transferTo(out);
            } catch (IOException gone) {
                // The process was killed; what it said is in the file.
                Thread.currentThread().interrupt();
            }
        });
        errors.setDaemon(true);
        errors.start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError(
                    "up ended before it was ready: " + (Files.exists(log) ? Files.readString(log) : "it said nothing"));
        }
        Json.Obj ready = CanonicalJson.parseObject(Bytes.utf8(line));
        return new Up(process, ready, (System.nanoTime() - begin) / 1_000_000);
    }

    Json.Obj ready() {
        return ready;
    }

    String http() {
        return ready.string("http");
    }

    String genesis() {
        return ready.string("genesis");
    }

    /** A gauge of {@code /metrics}. */
    long gauge(String name) throws IOException, InterruptedException {
        HttpResponse<String> metrics = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(http() + "/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString());
        return metrics.body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + metrics.body()));
    }

    long startMillis() {
        return startMillis;
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exit() throws InterruptedException {
        return process.waitFor();
    }

    /** As Ctrl-C would. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("up did not stop within three minutes");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
