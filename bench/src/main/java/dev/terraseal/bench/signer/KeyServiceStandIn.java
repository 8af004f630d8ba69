package dev.terraseal.bench.signer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.terraseal.keys.Providers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A key service on loopback that speaks as much of KMS's JSON as a signer asks for. A signature is answered after so many
 * milliseconds; a call over the quota is refused at once, as KMS throttles. It checks no credentials: what is measured is
 * the way to it.
 */
final class KeyServiceStandIn implements AutoCloseable {
    static final String ARN = "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000000";

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of a second: a quota is not saved up. */
    private static final long BURST_NANOS = 50_000_000L;

    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
    private final KeyPair key;
    private final long latencyMillis;
    private final long nanosEach;
    private final AtomicLong signed = new AtomicLong();
    private final AtomicLong throttled = new AtomicLong();
    private long paidUntil = System.nanoTime();

    KeyServiceStandIn(long latencyMillis, int perSecond) throws IOException {
        this.latencyMillis = latencyMillis;
        this.nanosEach = 1_000_000_000L / perSecond;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", Providers.bouncyCastle());
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            this.key = generator.generateKeyPair();
        } catch (GeneralSecurityException missing) {
            throw new IOException("this platform has no P-256", missing);
        }
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    long signed() {
        return signed.get();
    }

    long throttled() {
        return throttled.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        if (target.endsWith(".GetPublicKey")) {
            ObjectNode answer = JSON.createObjectNode();
            answer.put("KeyId", ARN).put("KeySpec", "ECC_NIST_P256").put("KeyUsage", "SIGN_VERIFY");
            answer.put("PublicKey", base64(key.getPublic().getEncoded()));
            answer.putArray("SigningAlgorithms").add("ECDSA_SHA_256");
            send(exchange, 200, answer);
        } else if (take()) {
            ObjectNode answer = signature(request);
            ScheduledFuture<?> unused =
                    later.schedule(() -> sendOrSay(exchange, answer), latencyMillis, TimeUnit.MILLISECONDS);
        } else {
            throttled.incrementAndGet();
            send(
                    exchange,
                    400,
                    JSON.createObjectNode().put("__type", "ThrottlingException").put("message", "over the quota"));
        }
    }

    private synchronized boolean take() {
        long now = System.nanoTime();
        paidUntil = Math.max(paidUntil, now - BURST_NANOS);
        if (paidUntil + nanosEach > now) {
            return false;
        }
        paidUntil += nanosEach;
        return true;
    }

    private ObjectNode signature(JsonNode request) throws IOException {
        try {
            Signature signature = Signature.getInstance(
                    "NONEwithECDSA", Providers.nativeP256().orElse(Providers.bouncyCastle()));
            signature.initSign(key.getPrivate());
            signature.update(Base64.getDecoder().decode(request.get("Message").asText()));
            ObjectNode answer = JSON.createObjectNode();
            answer.put("KeyId", ARN).put("SigningAlgorithm", "ECDSA_SHA_256");
            answer.put("Signature", base64(signature.sign()));
            signed.incrementAndGet();
            return answer;
        } catch (GeneralSecurityException broken) {
            throw new IOException("the stand-in's key does not sign", broken);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void sendOrSay(HttpExchange exchange, ObjectNode answer) {
        try {
            send(exchange, 200, answer);
        } catch (IOException gone) {
            throw new UncheckedIOException("a caller did not wait for its signature", gone);
        }
    }

    private static void send(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
        byte[] body = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
        later.shutdownNow();
    }
}
