package dev.terraseal.cli;

import dev.terraseal.run.client.LogServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a running server for a heads entry under a checkpoint. What it answers goes into the archive before the export. */
final class HeadsRequest {
    private final LogServer server;

    HeadsRequest(LogServer server) {
        this.server = server;
    }

    /** Empty when the heads entry is there; otherwise what an export without it is. */
    String ask() throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.at("/v1/heads"))
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.noBody());
        if (server.token() != null) {
            request.header("Authorization", "Bearer " + server.token());
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
