package dev.terraseal.cli.log;

import dev.terraseal.archiver.ArchiveBirth;
import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.cli.ProductDocs;
import dev.terraseal.cli.S3Option;
import dev.terraseal.cli.up.Birth;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.DeclarationFile;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeySources;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.LogBirth;
import dev.terraseal.keys.LogExistsException;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.settings.SettingsSource;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.store.Validity;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal log init}: the birth of a log for services that run alone. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Begins a log: makes its keys and log.json, and writes the first objects of its archive.",
            "A log begins once; terraseal up does this by itself in an empty data directory. Cut short, the same command",
            "again goes on with the log.json and the keys that are there."
        },
        footer = {
            "%nExample: terraseal log init --dir /etc/terraseal --origin logs.acme.com/prod --archive s3://acme-evidence/prod"
        })
final class LogInitCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where log.json and the private keys go (default: here).")
    Path directory;

    @Option(
            names = "--archive",
            required = true,
            paramLabel = "DIR|s3://…",
            description = "The log's archive; it must be empty.")
    String archive;

    @Mixin
    S3Option s3 = new S3Option();

    @Option(
            names = "--origin",
            paramLabel = "NAME",
            description = "The log's name for ever (default: terraseal.local/<8 hex>).")
    @Nullable String origin;

    @Option(
            names = "--key",
            paramLabel = "local|awskms://ARN|pkcs11:…",
            description = "The attest key (default: local).")
    @Nullable String key;

    @Option(
            names = "--log-key-source",
            paramLabel = "local|awskms://ARN",
            description = "The log key, Ed25519 (default: local).")
    @Nullable String logKey;

    @Option(
            names = "--authority-key",
            paramLabel = "PLACE",
            description = {
                "A key of the authority that exists already: a PEM file, pkcs11:… or awskms://ARN; its public half is read now.",
                "Again for each further one (default: one is made, in DIR/authority)."
            })
    List<String> authorityKeys = new ArrayList<>();

    @Option(
            names = "--authority-threshold",
            paramLabel = "N",
            description = "How many authority keys must sign a change of keys (default: 1).")
    @Nullable Integer authorityThreshold;

    @Option(names = "--kms-endpoint", paramLabel = "URL", description = "A KMS endpoint other than AWS.")
    @Nullable URI kmsEndpoint;

    @Option(names = "--heartbeat", description = "A heads entry at the latest so long after an entry (default: 10m).")
    @Nullable String heartbeat;

    @Option(names = "--retention", description = "How long objects are locked, 1d to 36500d (default: 400d).")
    @Nullable String retention;

    @Option(
            names = "--unless-begun",
            description = {
                "Well also where the log of DIR is in this archive already: for what runs at every start. It has to be the",
                "log that the other options ask for."
            })
    boolean unlessBegun;

    @Option(names = "--json", description = "{genesis, origin}")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException {
        Settings settings = settings();
        StoreSettings place = StoreSettings.from(settings);
        try {
            Birth asked = asked(settings);
            settings.done();
            try (ArchiveStore store = place.open()) {
                return begin(store, place, asked);
            }
        } catch (SettingsException | IllegalArgumentException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        } catch (LogExistsException | KeyUnavailableException | ArchiverStoppedException refused) {
            throw CommandFailedException.usage(String.valueOf(refused.getMessage()));
        } catch (SigningException | StoreException notNow) {
            throw CommandFailedException.unavailable(
                    notNow.getMessage() + ". The same command again goes on from here", notNow);
        }
    }

    /** Keys and log.json first, then the archive: cut short between any two of its writes, the next call finishes it. */
    private int begin(ArchiveStore store, StoreSettings place, Birth asked)
            throws CommandFailedException, IOException, LogExistsException, KeyUnavailableException, SigningException {
        SecureRandom random = new SecureRandom();
        KeySources keys = new KeySources(
                directory.resolve("keys"), KmsConnection.standard().withEndpoint(kmsEndpoint), random);
        GivenKeys given = new GivenKeys(key, logKey, authorityKeys, authorityThreshold);
        ArchiveBirth birth = new ArchiveBirth(store, Clock.systemUTC());
        Path file = directory.resolve("log.json");
        LogBirth.Born born;
        if (Files.exists(file)) {
            born = begunBefore(file);
            requireSame(born, asked, given, keys);
            if (birth.isDone(born.declaration())) {
                return hasBegun(born, place);
            }
        } else {
            if (store.read(ArchiveNames.LOG, Validity.any()).isPresent()) {
                throw CommandFailedException.usage(
                        "the archive " + place + " holds a log already; a log begins once, in an empty archive");
            }
            born = new LogBirth(Clock.systemUTC(), random).begin(request(given, keys, asked));
        }
        LogDeclaration log = born.declaration();
        try (KeySource source = keys.open(given.logKey())) {
            birth.begin(log, source.signer(log.keys(KeyUse.LOG)), ProductDocs.all());
        }
        say(born);
        return ExitCode.OK;
    }

    private LogBirth.Request request(GivenKeys given, KeySources keys, Birth asked) {
        LogBirth.Request request = LogBirth.Request.in(directory)
                .withOrigin(asked.origin().orElse(null))
                .withTimes(
                        asked.heartbeat().orElse(LogBirth.HEARTBEAT),
                        asked.retention().orElse(LogBirth.RETENTION));
        return given.in(request, keys);
    }

    private LogBirth.Born begunBefore(Path file) throws IOException {
        LogDeclaration log = new DeclarationFile(file).read();
        return new LogBirth.Born(log, file, List.of(), files(directory.resolve("authority")));
    }

    /** Whoever asks for seven years and is told that the log has begun believes that it has them. */
    private void requireSame(LogBirth.Born born, Birth asked, GivenKeys given, KeySources keys)
            throws CommandFailedException {
        LogDeclaration log = born.declaration();
        if (!asked.origin().map(log.origin()::equals).orElse(true)) {
            throw CommandFailedException.usage(born.file() + " declares the log " + log.origin() + ", not " + origin
                    + ": a log keeps its name; leave --origin out, or name another directory");
        }
        PrintWriter err = spec.commandLine().getErr();
        Optional<String> other = asked.differs(log)
                .or(() -> given.differs(log, keys, what -> err.println("terraseal: " + what))
                        .map(what -> "a log " + what));
        err.flush();
        if (other.isPresent()) {
            throw CommandFailedException.usage(born.file() + " declares " + other.get());
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private int hasBegun(LogBirth.Born born, StoreSettings place) throws CommandFailedException {
        LogDeclaration log = born.declaration();
        if (!unlessBegun) {
            throw CommandFailedException.usage(born.file() + " declares the log " + log.origin() + " with genesis "
                    + log.genesis() + ", and the archive " + place
                    + " holds it. A log begins once: start the services on it, or name another directory and archive for"
                    + " another log");
        }
        say(born);
        return ExitCode.OK;
    }

    private Birth asked(Settings settings) throws CommandFailedException {
        Duration beat = settings.duration("heartbeat", LogBirth.HEARTBEAT);
        if (!LogBirth.isHeartbeat(beat)) {
            throw CommandFailedException.usage("--heartbeat is " + LogBirth.HEARTBEATS + ", not " + heartbeat);
        }
        Duration locked = settings.duration("retention", LogBirth.RETENTION);
        if (!LogBirth.isLockable(locked)) {
            throw CommandFailedException.usage(
                    "--retention is " + LogBirth.LOCKABLE + ", not " + locked.toDays() + "d");
        }
        return new Birth(
                Optional.ofNullable(origin).map(LogOrigin::new),
                Optional.ofNullable(heartbeat).map(given -> beat),
                Optional.ofNullable(retention).map(given -> locked));
    }

    private Settings settings() {
        SettingsSource source = new SettingsSource().set("archive", archive);
        if (heartbeat != null) {
            source.set("heartbeat", heartbeat);
        }
        if (retention != null) {
            source.set("retention", retention);
        }
        return s3.over(source).settings();
    }

    private void say(LogBirth.Born born) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.obj()
                    .put("genesis", born.declaration().genesis())
                    .put("origin", born.declaration().origin().value())
                    .build()
                    .bytes()
                    .utf8());
        } else {
            out.println("the log " + born.declaration().origin() + " has begun: " + born.file());
            out.print(born.advice());
        }
        out.flush();
    }
}
