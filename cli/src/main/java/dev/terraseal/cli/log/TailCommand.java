package dev.terraseal.cli.log;

import dev.terraseal.cli.ArchiveOption;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.cli.ServerOption;
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
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal log tail}: entries as they are signed, from a running server, checked as they come. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description =
                "Entries as they are signed, from a running server, each checked before it is shown. Ends with Ctrl-C.",
        footer = {"%nExample: terraseal log tail --from 0 --json"})
final class TailCommand implements Callable<Integer> {
    private static final int RECEIPT_TRIES = 30;

    @Mixin
    ArchiveOption archive = new ArchiveOption();

    @Option(names = "--from", description = "First sequence; 0 for the whole log (default: the newest entry).")
    @Nullable SequenceNumber from;

    @Mixin
    ServerOption server = new ServerOption();

    @Option(names = "--json", description = "A JSON line an entry.")
    boolean json;

    @Spec
    CommandSpec spec;

    private final SignatureChecker checker = new SignatureChecker(Providers.fast());

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        LogServer base = server.known(archive)
                .orElseThrow(() -> CommandFailedException.usage("no server is known for "
                        + archive.directory().root() + ": start terraseal up there, or give --server URL"));
        base.exposure().ifPresent(warning -> spec.commandLine().getErr().println("terraseal: " + warning));
        LogDeclaration log = LogDeclaration.parse(get(base, "/v1/log"));
        long first = from != null ? from.value() : Math.max(0, size(base) - 1);
        EntryCheck check = null;
        PrintWriter out = spec.commandLine().getOut();
        HttpResponse<InputStream> response = http.send(
                request(base, "/v1/entries?follow=true&from=" + new SequenceNumber(first)),
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
                            keysAt(base, log, first),
                            new SequenceNumber(first),
                            (batch, any) -> batch(base, batch),
                            checker,
                            first);
                }
                ReadEntry entry =
                        check.check(CanonicalJson.parseObject(Bytes.utf8(line)).object("envelope"));
                out.println(json ? LogCommand.asJson(entry) : EntryText.line(entry));
                out.flush();
                if (!entry.holds()) {
                    throw CommandFailedException.withExit(
                            ExitCode.VERIFICATION_FAILED,
                            "entry " + entry.statement().sequence() + " " + entry.finding() + "; stopped there");
                }
            }
        }
        throw CommandFailedException.unavailable(base + " ended the connection; start again with --from to go on");
    }

    /**
     * The keys in force at the first entry that is shown, by the key events below it: its receipt has them, each authorised
     * by the ones before. The server may leave the newest out; a verdict is what a bundle gives.
     */
    private KeyRing keysAt(LogServer base, LogDeclaration log, long first)
            throws CommandFailedException, IOException, InterruptedException {
        if (first == 0) {
            return KeyRing.of(log);
        }
        Receipt receipt = receipt(base, first);
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
    private Receipt receipt(LogServer base, long sequence)
            throws CommandFailedException, IOException, InterruptedException {
        String path = "/v1/receipts?sequence=" + sequence;
        for (int tries = 0; tries < RECEIPT_TRIES; tries++) {
            HttpResponse<byte[]> response = http.send(request(base, path), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() == 200) {
                return Receipt.parse(Bytes.wrap(response.body()));
            }
            TimeUnit.SECONDS.sleep(1);
        }
        throw CommandFailedException.unavailable(
                base + path + " gives no receipt, which says which keys were in force");
    }

    private long size(LogServer base) throws CommandFailedException, IOException, InterruptedException {
        String metrics = get(base, "/metrics").utf8();
        for (String line : metrics.split("\n", -1)) {
            if (line.startsWith("terraseal_log_size ")) {
                return Long.parseLong(line.substring("terraseal_log_size ".length()));
            }
        }
        return 0;
    }

    private Optional<Bytes> batch(LogServer base, SequenceNumber first) throws IOException {
        try {
            HttpResponse<byte[]> response =
                    http.send(request(base, "/v1/batches/" + first), HttpResponse.BodyHandlers.ofByteArray());
            return response.statusCode() == 200 ? Optional.of(Bytes.wrap(response.body())) : Optional.empty();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while a batch was fetched");
        }
    }

    private Bytes get(LogServer base, String path) throws CommandFailedException, IOException, InterruptedException {
        try {
            HttpResponse<byte[]> response = http.send(request(base, path), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw CommandFailedException.unavailable(base + path + " answered " + response.statusCode());
            }
            return Bytes.wrap(response.body());
        } catch (java.net.ConnectException nobody) {
            throw CommandFailedException.unavailable(
                    "no server answers at " + base + "; is terraseal up running?", nobody);
        }
    }

    private static HttpRequest request(LogServer base, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.at(path));
        if (base.token() != null) {
            request.header("Authorization", "Bearer " + base.token());
        }
        return request.build();
    }
}
