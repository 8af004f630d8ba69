package dev.terraseal.cli.log;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.receipt.ReceiptKeys;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.Providers;
import dev.terraseal.run.client.LogServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Entries as a server sends them, each checked under the keys in force before it is shown. */
final class Tail {
    private static final int RECEIPT_TRIES = 30;

    private final LogServer base;
    private final PrintWriter out;
    private final boolean json;
    private final SignatureChecker checker = new SignatureChecker(Providers.fast());
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    Tail(LogServer base, PrintWriter out, boolean json) {
        this.base = base;
        this.out = out;
        this.json = json;
    }

    /**
     * Shows entries for as long as the server sends them and somebody reads them.
     *
     * @param from the first one; {@code null} for the newest
     * @return why it ended; empty where the reader had enough
     * @throws CommandFailedException if an entry does not hold, or the server does not answer
     */
    Optional<CommandFailedException> from(@Nullable SequenceNumber from)
            throws CommandFailedException, IOException, InterruptedException {
        LogDeclaration log = LogDeclaration.parse(get("/v1/log"));
        long first = from != null ? from.value() : Math.max(0, size() - 1);
        EntryCheck check = null;
        HttpResponse<InputStream> response = http.send(
                request("/v1/entries?follow=true&from=" + new SequenceNumber(first)),
                HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw CommandFailedException.unavailable(base + " answered " + response.statusCode() + " to /v1/entries");
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    continue;
                }
                if (check == null) {
                    check = new EntryCheck(
                            keysAt(log, first),
                            new SequenceNumber(first),
                            (batch, any) -> batch(batch),
                            checker,
                            first);
                }
                ReadEntry entry =
                        check.check(CanonicalJson.parseObject(Bytes.utf8(line)).object("envelope"));
                out.println(json ? LogCommand.asJson(entry) : EntryText.line(entry));
                // A print writer keeps quiet of a pipe that nobody reads any more, and this would go on for ever.
                boolean unread = out.checkError();
                if (!entry.holds()) {
                    throw CommandFailedException.withExit(
                            ExitCode.VERIFICATION_FAILED,
                            "entry " + entry.statement().sequence() + " " + entry.finding() + "; stopped there");
                }
                if (unread) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(
                CommandFailedException.unavailable(base + " ended the connection; start again with --from to go on"));
    }

    /**
     * The keys in force at the first entry that is shown, by the key events below it: its receipt has them, each authorised
     * by the ones before. The server may leave the newest out; a verdict is what a bundle gives.
     */
    private KeyRing keysAt(LogDeclaration log, long first)
            throws CommandFailedException, IOException, InterruptedException {
        if (first == 0) {
            return KeyRing.of(log);
        }
        Receipt receipt = receipt(first);
        if (!receipt.log().genesis().equals(log.genesis())) {
            throw CommandFailedException.withExit(
                    ExitCode.VERIFICATION_FAILED, "the receipt of entry " + first + " is of another log");
        }
        try {
            List<Receipt.ProvenKeyEvent> below = receipt.keyEvents().stream()
                    .filter(event ->
                            Statement.parse(event.statement()).sequence().value() < first)
                    .toList();
            return ReceiptKeys.ring(new Receipt(log, receipt.signed(), null, below), checker);
        } catch (UnauthorisedException | IllegalArgumentException refused) {
            throw CommandFailedException.withExit(
                    ExitCode.VERIFICATION_FAILED,
                    "the key events below entry " + first + " do not hold: " + refused.getMessage());
        } catch (UncheckableException missing) {
            throw CommandFailedException.unavailable(String.valueOf(missing.getMessage()), missing);
        }
    }

    /** Of an entry that was shown, so it comes; the server may need a moment to find it. */
    private Receipt receipt(long sequence) throws CommandFailedException, IOException, InterruptedException {
        String path = "/v1/receipts?sequence=" + sequence;
        for (int tries = 0; tries < RECEIPT_TRIES; tries++) {
            HttpResponse<byte[]> response = http.send(request(path), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() == 200) {
                return Receipt.parse(Bytes.wrap(response.body()));
            }
            TimeUnit.SECONDS.sleep(1);
        }
        throw CommandFailedException.unavailable(
                base + path + " gives no receipt, which says which keys were in force");
    }

    private long size() throws CommandFailedException, IOException, InterruptedException {
        String metrics = get("/metrics").utf8();
        for (String line : metrics.split("\n", -1)) {
            if (line.startsWith("terraseal_log_size ")) {
                return Long.parseLong(line.substring("terraseal_log_size ".length()));
            }
        }
        return 0;
    }

    private Optional<Bytes> batch(SequenceNumber first) throws IOException {
        try {
            HttpResponse<byte[]> response =
                    http.send(request("/v1/batches/" + first), HttpResponse.BodyHandlers.ofByteArray());
            return response.statusCode() == 200 ? Optional.of(Bytes.wrap(response.body())) : Optional.empty();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while a batch was fetched");
        }
    }

    private Bytes get(String path) throws CommandFailedException, IOException, InterruptedException {
        try {
            HttpResponse<byte[]> response = http.send(request(path), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw CommandFailedException.unavailable(base + path + " answered " + response.statusCode());
            }
            return Bytes.wrap(response.body());
        } catch (java.net.ConnectException nobody) {
            throw CommandFailedException.unavailable(
                    "no server answers at " + base + "; is terraseal up running?", nobody);
        }
    }

    private HttpRequest request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.at(path));
        if (base.token() != null) {
            request.header("Authorization", "Bearer " + base.token());
        }
        return request.build();
    }
}
