package dev.terraseal.run.client;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The pipeline's HTTP interface. A request that gets no answer, or one that says later (429, 5xx), is sent again
 * unchanged until the patience is used up; the event's id makes that safe.
 */
public final class HttpLogClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration SHORTEST_REQUEST = Duration.ofSeconds(2);
    /** Receipts of a whole request; one receipt has 4 MiB at most. */
    private static final int ANSWER_MAX = 64 << 20;

    private final LogServer server;
    private final Duration patience;
    private final Pause pause;
    private final Waiting waiting;
    private final Replies replies;
    private final HttpClient http;

    /** @param patience how long one call tries before it answers {@link Answer.Unavailable} */
    public HttpLogClient(LogServer server, Duration patience, Pause pause) {
        this.server = server;
        this.patience = patience;
        this.waiting = new Waiting();
        this.pause = waiting.stoppable(pause);
        this.replies = new Replies(server);
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // A redirect could carry the token elsewhere.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build();
    }

    public LogServer server() {
        return server;
    }

    /** What this client waits with; it may be stopped from another thread. */
    public Waiting waiting() {
        return waiting;
    }

    /**
     * Posts one event, or a JSON array of at most 1,000.
     *
     * @param events those that {@code body} holds: only an answer that names them is one
     */
    public Answer post(Bytes body, List<SentEvent> events, Wait wait) throws InterruptedException {
        String query = wait == Wait.ACCEPTED ? "" : "?wait=" + wait.text() + "&timeout=" + patience.toSeconds();
        HttpRequest.Builder request = request(server.at("/v1/events" + query))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
        return send(request, response -> replies.posted(response, events));
    }

    /** The receipt of one event; {@link Answer.Accepted} while it is on its way, {@link Answer.Refused} where there is none. */
    public Answer receipt(StreamId stream, EventId id) throws InterruptedException {
        String query = "?stream=" + encoded(stream.value()) + "&id=" + encoded(id.value());
        return send(request(server.at("/v1/receipts" + query)).GET(), replies::asked);
    }

    /**
     * Asks for the receipt of an event the pipeline has accepted, with its proof if so wanted, until it is there or the
     * patience is used up. Just accepted, an event may not be found for a moment.
     */
    public Answer awaitReceipt(StreamId stream, EventId id, boolean withProof) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Duration next = FIRST_PAUSE;
        while (true) {
            Answer answer = receipt(stream, id);
            boolean unproven = answer instanceof Answer.Recorded recorded
                    && recorded.receipts().stream().noneMatch(receipt -> (receipt.proof() != null) || !withProof);
            boolean notYet = answer instanceof Answer.Refused refused
                    && refused.problem().status() == 404;
            boolean pending = answer instanceof Answer.Accepted || unproven || notYet;
            if (!pending || System.nanoTime() - deadline >= 0) {
                return answer;
            }
            pause.of(next);
            next = longer(next);
        }
    }

    /** The receipt of the entry at {@code sequence}. */
    public Answer receipt(SequenceNumber sequence) throws InterruptedException {
        return send(request(server.at("/v1/receipts?sequence=" + sequence)).GET(), replies::asked);
    }

    /** The same, asking once: for what is good to have and not worth waiting for. */
    public HttpLogClient impatient() {
        return new HttpLogClient(server, Duration.ZERO, pause);
    }

    /** log.json. */
    public Fetched log() throws InterruptedException {
        return fetch("/v1/log");
    }

    /** The newest checkpoint, with whatever cosignatures it has. */
    public Fetched checkpoint() throws InterruptedException {
        return fetch("/checkpoint");
    }

    /** Bytes, or why there are none. */
    public record Fetched(Optional<Bytes> bytes, String reason) {}

    /** Stores evidence under its digest; on {@link Answer.Recorded} it is durable. */
    public Answer attach(Digest digest, Bytes content) throws InterruptedException {
        HttpRequest.Builder request = request(server.at("/v1/attachments/sha256/" + digest.hex()))
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content.toByteArray()));
        return send(request, response -> replies.stored(response, digest));
    }

    private Fetched fetch(String path) throws InterruptedException {
        Bytes[] found = new Bytes[1];
        Answer answer = send(request(server.at(path)).GET(), response -> {
            if (response.statusCode() == 200) {
                found[0] = Bytes.wrap(response.body());
                return new Answer.Recorded(List.of());
            }
            return replies.asked(response);
        });
        String reason = answer.fold(new Answer.Fold<>(
                accepted -> "not there yet",
                recorded -> "",
                refused -> refused.problem().summary(),
                notPermitted -> notPermitted.problem().summary(),
                Answer.Unavailable::reason));
        return new Fetched(Optional.ofNullable(found[0]), reason);
    }

    private interface ResponseReader {
        Answer read(HttpResponse<byte[]> response);
    }

    private HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri).header("Accept", "application/json");
        String token = server.token();
        return token == null ? builder : builder.header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest.Builder request, ResponseReader reader) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Duration next = FIRST_PAUSE;
        while (true) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            // A little longer than the server was told to wait, so that its answer wins.
            Duration timeout = (left.isNegative() ? Duration.ZERO : left).plus(SHORTEST_REQUEST);
            Answer.Unavailable failure;
            Duration asked = Duration.ZERO;
            try {
                HttpResponse<byte[]> response = exchange(request.build(), timeout);
                if (response.statusCode() != 429 && response.statusCode() < 500) {
                    return reader.read(response);
                }
                asked = retryAfter(response);
                failure = new Answer.Unavailable(Replies.problem(response).detail());
            } catch (IOException noAnswer) {
                failure = new Answer.Unavailable(server + " does not answer (" + reason(noAnswer) + ")");
            }
            Duration wait = asked.compareTo(next) > 0 ? asked : next;
            if (System.nanoTime() + wait.toNanos() - deadline >= 0) {
                return failure;
            }
            pause.of(wait);
            next = longer(next);
        }
    }

    /** The whole answer within {@code timeout}; the request's own timeout would end with the headers. */
    private HttpResponse<byte[]> exchange(HttpRequest request, Duration timeout)
            throws IOException, InterruptedException {
        waiting.begin();
        CompletableFuture<HttpResponse<byte[]>> answer = null;
        try {
            answer = http.sendAsync(request, head -> new LimitedBody(ANSWER_MAX));
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException silent) {
            throw new HttpTimeoutException("no whole answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new IOException(String.valueOf(failed.getCause()), failed);
        } finally {
            if (answer != null) {
                answer.cancel(true);
            }
            waiting.end();
        }
    }

    private static Duration longer(Duration last) {
        Duration doubled = last.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private static String reason(IOException failure) {
        if (failure instanceof HttpTimeoutException) {
            return "timed out";
        }
        if (failure instanceof java.net.ConnectException) {
            return "connection refused or host not found";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : Problem.printable(message, 200);
    }

    private static Duration retryAfter(HttpResponse<byte[]> response) {
        String text = response.headers().firstValue("Retry-After").orElse("0");
        return text.matches("[0-9]{1,4}") ? Duration.ofSeconds(Integer.parseInt(text)) : Duration.ZERO;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
