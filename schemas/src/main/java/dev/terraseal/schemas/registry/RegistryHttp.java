package dev.terraseal.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request to the registry, answered whole within the limit or not at all. */
final class RegistryHttp {
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int MAX_BODY = 4 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final String base;
    private final @Nullable RegistryLogin login;
    private final Duration limit;

    RegistryHttp(URI base, @Nullable RegistryLogin login, Duration limit) {
        if (base.getRawUserInfo() != null) {
            // The JDK sends none of it, and every message about the registry would show it.
            throw new IllegalArgumentException("the schema registry's address holds a login ("
                    + "http://user:password@…): leave it out, and use registry.user and registry.password");
        }
        String text = base.toString();
        if (!"http".equals(base.getScheme()) && !"https".equals(base.getScheme())) {
            throw new IllegalArgumentException("the schema registry's address is http://… or https://…, not " + text);
        }
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.login = login;
        this.limit = limit;
        // No redirects: credentials go to the address that was configured and nowhere else.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limit)
                .build();
    }

    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    RegistryReply get(String path) throws RegistryUnavailableException {
        return send(path, request(path).GET());
    }

    RegistryReply send(String method, String path, JsonNode body) throws RegistryUnavailableException {
        return send(
                path,
                request(path)
                        .header("Content-Type", CONTENT_TYPE)
                        .method(method, HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Accept", CONTENT_TYPE + ", application/json;q=0.9")
                .timeout(limit);
        return login == null ? request : request.header("Authorization", login.header());
    }

    /** The future's limit, not only the request's: the JDK's own ends when the headers are in. */
    private RegistryReply send(String path, HttpRequest.Builder request) throws RegistryUnavailableException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request.build(), head -> new BoundedBody(MAX_BODY));
        try {
            HttpResponse<byte[]> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new RegistryReply(response.statusCode(), parse(response));
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new RegistryUnavailableException(
                    "the schema registry at " + base + " did not answer " + path + " within " + limit.toMillis()
                            + " ms; is it running, and is the address right?",
                    e);
        } catch (ExecutionException e) {
            throw new RegistryUnavailableException(
                    "the schema registry at " + base + " could not be asked for " + path + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted while the schema registry was asked for " + path, e);
        } catch (IOException e) {
            throw new RegistryUnavailableException(
                    "the schema registry at " + base + " answered " + path + " with something else than JSON", e);
        }
    }

    private static JsonNode parse(HttpResponse<byte[]> response) throws IOException {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            // The page of a proxy: its status still says what happened.
            if (response.statusCode() >= 400) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return base;
    }
}
