package dev.terraseal.page.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection of the DevTools protocol: commands with answers; events are not needed and dropped. */
final class DevTools implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final long SECONDS_MAX = 300;

    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final WebSocket socket;

    DevTools(URI address) {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, new Answers())
                .join();
    }

    /** Sends a command, to the browser or to a page by its session, and waits for the answer. */
    JsonNode send(String session, String method, ObjectNode parameters) {
        int id = next.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", parameters);
        if (session != null) {
            command.put("sessionId", session);
        }
        socket.sendText(command.toString(), true).join();
        try {
            return answer.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + method + " ran", stopped);
        } catch (ExecutionException refused) {
            throw new IllegalStateException(method + ": " + refused.getCause().getMessage(), refused);
        } catch (TimeoutException slow) {
            throw new IllegalStateException(method + " was not answered within " + SECONDS_MAX + " seconds", slow);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** Puts frames together and hands each answer to whoever waits for it. */
    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                deliver(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            waiting.values().forEach(answer -> answer.completeExceptionally(error));
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            IllegalStateException gone = new IllegalStateException("the browser closed the connection: " + reason);
            waiting.values().forEach(answer -> answer.completeExceptionally(gone));
            return null;
        }

        private void deliver(String message) {
            JsonNode json;
            try {
                json = JSON.readTree(message);
            } catch (JsonProcessingException broken) {
                throw new IllegalStateException(broken);
            }
            CompletableFuture<JsonNode> answer = waiting.remove(json.path("id").asInt(-1));
            if (answer != null && json.has("error")) {
                answer.completeExceptionally(
                        new IllegalStateException(json.get("error").toString()));
            } else if (answer != null) {
                answer.complete(json.path("result"));
            }
        }
    }
}
