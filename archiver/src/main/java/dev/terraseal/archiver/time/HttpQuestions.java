package dev.terraseal.archiver.time;

import dev.terraseal.core.timestamp.TimeStampToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;

/** Questions by HTTP. */
public final class HttpQuestions implements Questions {
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    @Override
    public byte[] ask(URI authority, byte[] query, Duration timeout) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(authority)
                .timeout(timeout)
                .header("Content-Type", "application/timestamp-query")
                .POST(HttpRequest.BodyPublishers.ofByteArray(query))
                .build();
        HttpResponse<InputStream> response = send(request);
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("it answered HTTP " + response.statusCode());
            }
            String type = response.headers().firstValue("Content-Type").orElse("none");
            if (!type.toLowerCase(Locale.ROOT).startsWith("application/timestamp-reply")) {
                throw new IOException("it answered with Content-Type " + type + ", not application/timestamp-reply");
            }
            byte[] read = body.readNBytes(TimeStampToken.BYTES_MAX + 1);
            if (read.length > TimeStampToken.BYTES_MAX) {
                throw new IOException("its answer has more than " + TimeStampToken.BYTES_MAX + " bytes");
            }
            return read;
        }
    }

    /** A connection that is refused comes without a word. */
    private HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException nobody) {
            throw new IOException(request.uri() + " cannot be reached", nobody);
        }
    }
}
