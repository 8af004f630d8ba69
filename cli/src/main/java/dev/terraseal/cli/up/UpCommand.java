package dev.terraseal.cli.up;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.cli.S3Option;
import dev.terraseal.cli.SettingsOption;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.settings.SettingsSource;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal up}: the whole stack in this process. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Runs broker, registry, ingest, sequencer, signer and archiver in one process, with everything in one directory.",
            "Ctrl-C and kill -9 lose nothing; starting again goes on with the same log."
        },
        footer = {
            "%nWhat an option says may also be a setting; the option wins: archive, archive.s3.*, http.host, http.port,",
            "  http.tokens, kafka.port, origin, heartbeat, retention, signer.key (--key), archiver.key (--log-key-source),",
            "  signer.signing, signer.quota, kms.endpoint, archiver.checkpoint-interval, archiver.witnesses,",
            "  time.authorities, time.roots, time.interval. Any other is refused.",
            "Examples:",
            "  terraseal up",
            "  terraseal up --data /srv/terraseal --archive s3://acme-evidence/prod --key awskms://arn:aws:kms:…:key/…"
        })
public final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".terraseal",
            description = "Where everything is kept (default: ./.terraseal).")
    Path data;

    @Option(names = "--port", paramLabel = "N", description = "HTTP port; 0 takes a free one (default: 8480).")
    @Nullable Integer port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Where HTTP listens (default: 127.0.0.1). Others need --tokens.")
    @Nullable String host;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "Bearer tokens: <name> <sha256 of the token> [stream prefix]… a line.")
    @Nullable Path tokens;

    @Option(
            names = "--kafka-port",
            paramLabel = "N",
            description = "The broker's port on loopback; 0 takes a free one (default: 19092).")
    @Nullable Integer kafkaPort;

    @Option(
            names = "--origin",
            paramLabel = "NAME",
            description = "The log's name, at its birth only (default: terraseal.local/<8 hex>).")
    @Nullable String origin;

    @Option(
            names = "--heartbeat",
            paramLabel = "D",
            description = "At its birth only: a heads entry at the latest so long after an entry (default: 10m).")
    @Nullable String heartbeat;

    @Option(
            names = "--retention",
            paramLabel = "D",
            description = "At its birth only: how long objects are locked, 1d to 36500d (default: 400d).")
    @Nullable String retention;

    @Option(names = "--archive", paramLabel = "DIR|s3://…", description = "The archive (default: DIR/archive).")
    @Nullable String archive;

    @Mixin
    S3Option s3 = new S3Option();

    @Option(
            names = "--key",
            paramLabel = "local|awskms://ARN|pkcs11:…",
            description =
                    "Where the attest keys are; around a rotation two places, with a comma between them (default: local).")
    @Nullable String key;

    @Option(
            names = "--log-key-source",
            paramLabel = "local|awskms://ARN",
            description = "Where the log keys are, Ed25519; likewise (default: local).")
    @Nullable String logKey;

    @Option(
            names = "--signing",
            paramLabel = "each|batch|auto",
            description = "A signature a statement, or a batch; auto: batches near the key's quota (default: each).")
    @Nullable String signing;

    @Option(
            names = "--signing-quota",
            paramLabel = "N",
            description = "Signatures a second the key is good for, with --signing auto (default: 1000).")
    @Nullable Integer signingQuota;

    @Option(names = "--kms-endpoint", paramLabel = "URL", description = "A KMS endpoint other than AWS.")
    @Nullable URI kmsEndpoint;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "D",
            description = "A checkpoint at most so often (default: 250ms, 5s on S3).")
    @Nullable String checkpointInterval;

    @Option(
            names = "--witnesses",
            paramLabel = "FILE",
            description = "A witness policy: who is asked to cosign each checkpoint (docs/for-auditors.md).")
    @Nullable Path witnesses;

    @Option(
            names = "--time-authority",
            paramLabel = "NAME=URL",
            description = "Who stamps checkpoints (RFC 3161); may be given several times.")
    List<String> timeAuthorities = List.of();

    @Option(
            names = "--time-roots",
            paramLabel = "FILE",
            description = "Roots in PEM; a token that leads to none of them is not archived (default: any).")
    @Nullable Path timeRoots;

    @Option(
            names = "--time-interval",
            paramLabel = "D",
            description = "A time stamp so often, if the log grew (default: 1h).")
    @Nullable String timeInterval;

    @Mixin
    SettingsOption settings = new SettingsOption();

    @Option(names = "--json", description = "One JSON line when ready.")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        CountDownLatch stop = new CountDownLatch(1);
        AtomicReference<@Nullable FatalError> broken = new AtomicReference<>();
        Stack stack = Stack.start(options(), fatal -> {
            broken.compareAndSet(null, fatal);
            stop.countDown();
        });
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.countDown();
                            stack.awaitClosed();
                        },
                        "terraseal-shutdown"));
        if (!stack.advice().isEmpty()) {
            err.print(stack.advice());
            err.flush();
        }
        out.println(json ? stack.ready().bytes().utf8() : stack.readyText());
        out.flush();
        stop.await();
        FatalError fatal = broken.get();
        if (fatal == null && !json) {
            err.println("terraseal: stopping; what was accepted is kept");
            err.flush();
        }
        stack.close();
        if (fatal != null) {
            throw CommandFailedException.unavailable(fatal.toString());
        }
        return ExitCode.OK;
    }

    private UpOptions options() throws CommandFailedException {
        try {
            SettingsSource source = settings.over(
                    new SettingsSource().set("archive", data.resolve("archive").toString()));
            set(source, "archive", archive);
            set(source, "http.port", port);
            set(source, "http.host", host);
            set(source, "http.tokens", tokens);
            set(source, "kafka.port", kafkaPort);
            set(source, "origin", origin);
            set(source, "heartbeat", heartbeat);
            set(source, "retention", retention);
            set(source, "signer.key", key);
            set(source, "archiver.key", logKey);
            set(source, "signer.signing", signing);
            set(source, "signer.quota", signingQuota);
            set(source, "kms.endpoint", kmsEndpoint);
            set(source, "archiver.checkpoint-interval", checkpointInterval);
            set(source, "archiver.witnesses", witnesses);
            set(source, "time.authorities", timeAuthorities.isEmpty() ? null : String.join(",", timeAuthorities));
            set(source, "time.roots", timeRoots);
            set(source, "time.interval", timeInterval);
            Settings read = s3.over(source).settings();
            UpOptions options = UpOptions.from(read, data);
            read.done();
            return options;
        } catch (SettingsException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
    }

    private static void set(SettingsSource source, String name, @Nullable Object given) {
        if (given != null) {
            source.set(name, given.toString());
        }
    }
}
