package dev.terraseal.run.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.testkit.log.LogFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP contract of CLI.md, strict, over a log in memory: canonical events only, attachments before the events that
 * name them, one content an id. Faults are planted one by one and used up in order.
 */
public final class FakeLogServer implements AutoCloseable {
    /** What happens to the next request, other than for a checkpoint, instead of an answer. */
    public enum Fault {
        /** 503 with Retry-After. */
        BUSY,
        /** 429 without Retry-After. */
        TOO_MANY,
        /** The connection ends before an answer; the event is not kept. */
        HANG_UP,
        /** The event is kept, the answer is lost. */
        LOSE_ANSWER,
        /** The event is kept with another body. */
        LIE,
        /** The event is kept, the answer is a 202 and the receipt comes later. */
        LATE,
        /** The answer names the event as accepted, and it is not kept. */
        FORGET,
        /** The event is kept, and the payload of its receipt is no statement. */
        NO_STATEMENT,
        /** Headers, and never a body. */
        STALL,
        /** Somebody else answers: 308 to another place. */
        REDIRECT,
        /** Somebody else answers: 404 with a page. */
        NOT_FOUND,
        /** Somebody else answers: 409 with a problem of their own. */
        FOREIGN_409,
        /** Somebody else answers: 200 without a body. */
        EMPTY_200,
        /** Somebody else answers: 202 for a job of theirs. */
        FOREIGN_202;

        /** The answer of somebody who is no pipeline; null where it is the pipeline that answers. */
        Answer foreign() {
            return switch (this) {
                case REDIRECT -> new Answer(308, Bytes.EMPTY, false);
                case NOT_FOUND -> new Answer(404, Bytes.utf8("<html>no such page</html>"), false);
                case FOREIGN_409 -> new Answer(409, Bytes.utf8("{\"code\":\"id-conflict\",\"detail\":\"x\"}"), false);
                case EMPTY_200 -> new Answer(200, Bytes.EMPTY, false);
                case FOREIGN_202 -> new Answer(202, Bytes.utf8("{\"job\":7}"), false);
                default -> null;
            };
        }
    }

    private record Kept(Digest content, int sequence) {}

    private final LogFixture log = new LogFixture("terraseal.local/fake");
    private final Map<String, Kept> ids = new HashMap<>();
    private final Map<Digest, Bytes> attachments = new TreeMap<>();
    private final List<Bytes> events = new ArrayList<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final HttpServer http;
    private String token = "";
    private int late;
    private boolean forging;
    private boolean neverProving;
    private final CountDownLatch closed = new CountDownLatch(1);

    public FakeLogServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fake-log");
            thread.setDaemon(true);
            return thread;
        }));
        http.createContext("/", this::handle);
        http.start();
    }

    public String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    public synchronized FakeLogServer plant(Fault... planted) {
        faults.addAll(List.of(planted));
        return this;
    }

    public synchronized void requireToken(String required) {
        token = required;
    }

    /** From here on one bit of every signature in a receipt is another. */
    public synchronized FakeLogServer forging() {
        forging = true;
        return this;
    }

    /** From here on no checkpoint covers anything. */
    public synchronized FakeLogServer neverProving() {
        neverProving = true;
        return this;
    }

    public Digest genesis() {
        return log.log().genesis();
    }

    /** The events in the log, as they were posted. */
    public synchronized List<Bytes> events() {
        return List.copyOf(events);
    }

    /** The events in the log, read. */
    public synchronized List<Json.Obj> parsed() {
        return events.stream().map(CanonicalJson::parseObject).toList();
    }

    public synchronized Map<Digest, Bytes> attachments() {
        return Map.copyOf(attachments);
    }

    /** Method and path of every request, with the token that came. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        closed.countDown();
        http.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer = answer(exchange, Bytes.wrap(body));
            if (answer.status() == 0) {
                return;
            }
            exchange.getResponseHeaders()
                    .set("Content-Type", answer.status() < 400 ? "application/json" : "application/problem+json");
            if (answer.retryAfter()) {
                exchange.getResponseHeaders().set("Retry-After", "1");
            }
            if (answer.status() == 308) {
                exchange.getResponseHeaders().set("Location", url() + "/elsewhere");
            }
            if (answer.equals(Answer.STALLED)) {
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().flush();
                closed.await(1, TimeUnit.MINUTES);
                return;
            }
            exchange.sendResponseHeaders(answer.status(), answer.body().length());
            answer.body().writeTo(exchange.getResponseBody());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Status 0: the connection just ends. */
    private record Answer(int status, Bytes body, boolean retryAfter) {
        static final Answer STALLED = new Answer(299, Bytes.EMPTY, false);

        static Answer of(int status, Json body) {
            return new Answer(status, body.bytes(), false);
        }
    }

    private synchronized Answer answer(HttpExchange exchange, Bytes body) {
        String path = exchange.getRequestURI().getPath();
        String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + given);
        if (!token.isEmpty() && !given.equals("Bearer " + token)) {
            return problem(401, "unauthorised", "a bearer token is needed", null);
        }
        // A head is asked for in the background, at no certain time: a fault meant for what follows would be used up.
        Fault fault = path.equals("/checkpoint") ? null : faults.poll();
        if (fault == Fault.BUSY) {
            return new Answer(503, Bytes.utf8("{\"detail\":\"not now\"}"), true);
        }
        if (fault == Fault.TOO_MANY) {
            return new Answer(429, Bytes.utf8("<html>slow down</html>"), false);
        }
        if (fault == Fault.HANG_UP) {
            return new Answer(0, Bytes.EMPTY, false);
        }
        if (fault == Fault.STALL) {
            return Answer.STALLED;
        }
        Answer foreign = fault == null ? null : fault.foreign();
        if (foreign != null) {
            return foreign;
        }
        String query = String.valueOf(exchange.getRequestURI().getRawQuery());
        if (path.startsWith("/v1/attachments/sha256/")) {
            return attach(Digest.fromHex(path.substring("/v1/attachments/sha256/".length())), body);
        }
        if (path.equals("/v1/receipts")) {
            return receipts(query);
        }
        if (path.equals("/checkpoint") && log.size() > 0) {
            return new Answer(200, log.checkpoint(log.size()).bytes(), false);
        }
        if (path.equals("/v1/events")) {
            Answer answer = post(body, query, fault);
            return fault == Fault.LOSE_ANSWER ? new Answer(0, Bytes.EMPTY, false) : answer;
        }
        return problem(404, "not-found", "no " + path, null);
    }

    private Answer attach(Digest named, Bytes content) {
        if (!Digest.of(content).equals(named)) {
            return problem(422, "digest-mismatch", "other bytes", null);
        }
        attachments.put(named, content);
        return Answer.of(201, Json.obj().put("sha256", named).build());
    }

    private Answer post(Bytes body, String query, Fault fault) {
        List<Json.Obj> posted = new ArrayList<>();
        try {
            Json json = CanonicalJson.parse(body);
            posted.addAll(json instanceof Json.Arr many ? many.objects() : List.of((Json.Obj) json));
        } catch (JsonException malformed) {
            return problem(400, "malformed-request", String.valueOf(malformed.getMessage()), null);
        }
        List<Event> read = new ArrayList<>();
        for (int i = 0; i < posted.size(); i++) {
            try {
                read.add(event(posted.get(i), fault));
            } catch (IllegalArgumentException wrong) {
                return problem(
                        422,
                        "malformed-record",
                        "1 problem(s)",
                        Json.obj()
                                .put("index", i)
                                .put("message", String.valueOf(wrong.getMessage()))
                                .put("pointer", "/predicate")
                                .build());
            }
        }
        return keep(posted, read, query, fault);
    }

    private Answer keep(List<Json.Obj> posted, List<Event> read, String query, Fault fault) {
        List<Json> out = new ArrayList<>();
        boolean allBefore = true;
        boolean wanted = query.contains("wait=");
        for (int i = 0; i < read.size(); i++) {
            Event event = read.get(i);
            String key = event.stream() + "\n" + event.id();
            Kept before = ids.get(key);
            Digest content = event.contentDigest();
            if (before != null && !before.content().equals(content) && fault != Fault.LIE) {
                return problem(409, "id-conflict", "id '" + event.id() + "' has other content", null);
            }
            if (fault == Fault.FORGET) {
                out.add(named(event, null));
                continue;
            }
            if (before == null) {
                allBefore = false;
                log.append(event);
                before = new Kept(content, log.size() - 1);
                ids.put(key, before);
                events.add(posted.get(i).bytes());
            }
            boolean now = wanted && fault != Fault.LATE;
            Json.Obj receipt = now ? receipt(before.sequence(), query.contains("checkpoint")) : null;
            out.add(named(event, receipt == null || fault != Fault.NO_STATEMENT ? receipt : withoutStatement(receipt)));
        }
        if (fault == Fault.LATE || fault == Fault.FORGET) {
            late = fault == Fault.LATE ? 2 : 0;
            return Answer.of(202, Json.obj().put("events", Json.arr(out)).build());
        }
        return Answer.of(
                allBefore ? 200 : wanted ? 201 : 202,
                Json.obj().put("events", Json.arr(out)).build());
    }

    private static Json.Obj named(Event event, Json.Obj receipt) {
        return Json.obj()
                .put("id", event.id().value())
                .putIfPresent("receipt", receipt)
                .put("stream", event.stream().value())
                .build();
    }

    private static Json.Obj withoutStatement(Json.Obj receipt) {
        Receipt whole = Receipt.parse(receipt.bytes());
        Receipt.Own own = (Receipt.Own) whole.signed();
        Envelope envelope =
                new Envelope(Dsse.STATEMENT, Bytes.utf8("{}"), own.envelope().signatures());
        return CanonicalJson.parseObject(new Receipt(whole.log(), new Receipt.Own(envelope), null).bytes());
    }

    private static DsseSignature forged(DsseSignature signature) {
        byte[] sig = signature.sig().toByteArray();
        sig[sig.length - 1] ^= 1;
        return new DsseSignature(signature.keyid(), Bytes.wrap(sig));
    }

    private Event event(Json.Obj json, Fault fault) {
        json.requireMembers(
                "id", "occurredAt", "predicate", "seenCheckpoint?", "source?", "stream", "subjects", "type");
        Json.Obj seen = json.objectOrNull("seenCheckpoint");
        Json.Obj predicate = json.object("predicate");
        PredicateType type = PredicateType.fromUri(json.string("type"))
                .orElseThrow(() -> new JsonException("unknown type " + json.string("type")));
        type.requireBody(predicate);
        Json.Obj changes = predicate.objectOrNull("changes");
        if (changes != null
                && changes.has("resourcesSha256")
                && !attachments.containsKey(changes.digest("resourcesSha256"))) {
            throw new JsonException("the attachment is not stored");
        }
        Json.Obj source = json.objectOrNull("source");
        Bytes body =
                fault == Fault.LIE ? Json.obj().put("outcome", "failed").build().bytes() : predicate.bytes();
        return new Event(
                type,
                new StreamId(json.string("stream")),
                new EventId(json.string("id")),
                Timestamp.parse(json.string("occurredAt")),
                json.array("subjects").bytes(),
                body,
                source == null ? null : source.bytes(),
                source == null ? null : source.object("claimed").bytes(),
                null,
                seen == null ? null : seen.bytes());
    }

    private Answer receipts(String query) {
        Map<String, String> asked = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            asked.put(
                    pair.substring(0, pair.indexOf('=')),
                    java.net.URLDecoder.decode(
                            pair.substring(pair.indexOf('=') + 1), java.nio.charset.StandardCharsets.UTF_8));
        }
        if (late > 0) {
            late--;
            return late == 1
                    ? problem(404, "not-found", "not found yet", null)
                    : Answer.of(202, Json.obj().put("status", "pending").build());
        }
        if (asked.containsKey("sequence")) {
            int sequence = Integer.parseInt(asked.get("sequence"));
            return sequence < log.size()
                    ? Answer.of(200, receipt(sequence, true))
                    : problem(404, "not-found", "the log has no entry " + sequence + " yet", null);
        }
        Kept kept = ids.get(asked.get("stream") + "\n" + asked.get("id"));
        return kept == null
                ? problem(404, "not-found", "no such event", null)
                : Answer.of(200, receipt(kept.sequence(), true));
    }

    private Json.Obj receipt(int sequence, boolean proven) {
        try {
            var entry = log.entries().get(sequence);
            List<DsseSignature> signatures = forging
                    ? entry.signatures().stream().map(FakeLogServer::forged).toList()
                    : entry.signatures();
            Envelope envelope = new Envelope(Dsse.STATEMENT, entry.statement(), signatures);
            TlogProof proof = proven && !neverProving
                    ? new TlogProof(sequence, log.proofs(log.size()).inclusion(sequence), log.checkpoint(log.size()))
                    : null;
            return CanonicalJson.parseObject(new Receipt(log.log(), new Receipt.Own(envelope), proof).bytes());
        } catch (dev.terraseal.core.merkle.ProofException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Answer problem(int status, String code, String detail, Json.Obj problem) {
        Json.Builder out = Json.obj()
                .put("code", code)
                .put("detail", detail)
                .put("status", status)
                .put("type", "https://terraseal.dev/problems/" + code);
        return Answer.of(status, (problem == null ? out : out.put("problems", Json.arr(List.of(problem)))).build());
    }
}
