package dev.terraseal.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a running server for a heads entry under a checkpoint. What it answers goes into the archive before the export. */
final class HeadsRequest {
    private final URI server;

    HeadsRequest(URI server) {
        this.server = server;
    }

    /** Empty when the heads entry is there; otherwise what an export without it is. */
    String ask() throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/v1/heads"))
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.noBody());
        String token = System.getenv("TERRASEAL_TOKEN");
        if (token != null && !token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(2))
                    .build()
                    .send(request.build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? ""
                    : server + " made no heads entry (" + answer.statusCode()
                            + "); exporting up to the last archived checkpoint";
        } catch (IOException notRunning) {
            return "no server answers at " + server + "; exporting up to the last archived checkpoint";
        }
    }
}
