package dev.terraseal.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Many pipelines that emit at once over HTTP. Each takes a batch of events, sends it until it is acknowledged, as a spool
 * would, and sends some of them twice. The server may be killed and replaced while they work.
 */
final class Producers {
    private final ConcurrentLinkedQueue<List<String>> work = new ConcurrentLinkedQueue<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong sentTwice = new AtomicLong();
    private final AtomicReference<String> server = new AtomicReference<>("");
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private final long seed;
    private volatile boolean stop;

    Producers(int events, int batch, long seed) {
        this(0, events, batch, seed);
    }

    /** @param first number of the first event; those before are in the log from an earlier run */
    Producers(int first, int events, int batch, long seed) {
        this.seed = seed;
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            ids.add("run-" + (first + i));
            if (ids.size() == batch || i == events - 1) {
                work.add(List.copyOf(ids));
                ids.clear();
            }
        }
    }

    void start(int count) {
        for (int i = 0; i < count; i++) {
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> emit(random), "producer-" + i);
            thread.start();
            threads.add(thread);
        }
    }

    void server(String http) {
        server.set(http);
    }

    int acknowledged() {
        return acknowledged.size();
    }

    Set<String> acknowledgedIds() {
        return acknowledged;
    }

    long sentTwice() {
        return sentTwice.get();
    }

    /** Sends one event more, until there is a signed receipt for it. */
    void oneMoreSigned(int number) throws InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<String> ids = List.of("run-" + number);
        while (!isSigned(http, ids)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        acknowledged.addAll(ids);
    }

    private boolean isSigned(HttpClient http, List<String> ids) throws InterruptedException {
        try {
            return send(http, ids, "?wait=signed").statusCode() / 100 == 2
                    && send(http, ids, "?wait=signed").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Waits until {@code count} events are acknowledged. */
    void awaitAcknowledged(int count) throws InterruptedException {
        while (acknowledged.size() < count) {
            Throwable failed = failure.get();
            if (failed != null) {
                throw new AssertionError("a producer failed, seed " + seed, failed);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Stops wherever each of them is; what is unsent stays unsent. */
    void abandon() throws InterruptedException {
        work.clear();
        finish();
    }

    void finish() throws InterruptedException {
        stop = true;
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable failed = failure.get();
        if (failed != null) {
            throw new AssertionError("a producer failed, seed " + seed, failed);
        }
    }

    private void emit(Random random) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        try {
            for (List<String> ids = work.poll(); ids != null && failure.get() == null; ids = work.poll()) {
                int times = random.nextInt(10) == 0 ? 2 : 1;
                for (int i = 0; i < times; i++) {
                    untilAcknowledged(http, ids, random);
                }
                sentTwice.addAndGet(times == 2 ? ids.size() : 0);
                acknowledged.addAll(ids);
            }
        } catch (InterruptedException | RuntimeException | Error broken) {
            failure.compareAndSet(null, broken);
        }
    }

    private void untilAcknowledged(HttpClient http, List<String> ids, Random random) throws InterruptedException {
        while (!stop) {
            String wait = random.nextInt(4) == 0 ? "?wait=signed" : "";
            try {
                HttpResponse<String> answer = send(http, ids, wait);
                if (answer.statusCode() / 100 == 2) {
                    return;
                }
                if (answer.statusCode() != 503 && answer.statusCode() != 429) {
                    throw new AssertionError(answer.statusCode() + ": " + answer.body());
                }
            } catch (IOException | IllegalArgumentException serverGone) {
                // Killed, or not there yet: the same ids again, as a spool would.
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private HttpResponse<String> send(HttpClient http, List<String> ids, String wait)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(server.get() + "/v1/events" + wait))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body(ids)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** An event is a function of its id, so that sending it again is sending the same. */
    private static String body(List<String> ids) {
        StringBuilder json = new StringBuilder("[");
        for (String id : ids) {
            int number = Integer.parseInt(id.substring("run-".length()));
            json.append(json.length() == 1 ? "" : ",").append(event(id, "acme/infra/" + number % 17, "succeeded"));
        }
        return json.append(']').toString();
    }

    static String event(String id, String stream, String outcome) {
        String digest = "%064x".formatted(Math.abs(id.hashCode()));
        return """
                {"id":"%s","stream":"%s","type":"https://terraseal.dev/terraform-apply/v1","occurredAt":"2026-11-22T01:02:03.123Z",\
                "subjects":[{"name":"tfplan","digest":{"sha256":"%s"}}],\
                "predicate":{"outcome":"%s","engine":{"name":"terraform","version":"1.11.4"},"workspace":{"name":"prod"},\
                "changes":{"add":1,"change":2,"remove":0},"change":{"ticket":"CHG-%s"}},\
                "source":{"claimed":{"actor":"ci","tool":"e2e"}}}""".formatted(id, stream, digest, outcome, id);
    }
}
