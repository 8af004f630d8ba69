package dev.terraseal.cli;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.FatalError;
import dev.terraseal.kafka.ForeignRecordException;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.UndecidedTransactionException;
import dev.terraseal.kafka.UnsafeTopicsException;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeySources;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.schemas.TopicSchemas;
import dev.terraseal.schemas.registry.RegistryClient;
import dev.terraseal.schemas.registry.RegistryLogin;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import dev.terraseal.schemas.registry.SchemaRefusedException;
import dev.terraseal.sequencer.SequencerStoppedException;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;

/** One service in this process: configuration, start, wait, stop. A service that stops for good ends it with 3. */
abstract class ServiceCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceCommand.class);
    private static final URI REGISTRY_HERE = URI.create("http://127.0.0.1:8081");
    private static final Duration REGISTRY_TRIES = Duration.ofSeconds(60);

    @Mixin
    SettingsOption settings = new SettingsOption();

    /** Reads what it needs of {@code settings}, calls {@code done()}, and starts. */
    abstract AutoCloseable start(Settings settings, Consumer<FatalError> onFatal)
            throws SettingsException, IOException, KeyUnavailableException, SchemaRefusedException,
                    InterruptedException, CommandFailedException;

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        AtomicReference<@Nullable FatalError> broken = new AtomicReference<>();
        AutoCloseable service = started(fatal -> {
            broken.compareAndSet(null, fatal);
            stop.countDown();
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            try {
                if (!closed.await(30, java.util.concurrent.TimeUnit.SECONDS)) {
                    LOG.warn("event=close-timeout");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        stop.await();
        try {
            service.close();
        } catch (Exception failed) {
            LOG.warn("event=close-failed reason=\"{}\"", failed.toString());
        }
        closed.countDown();
        FatalError fatal = broken.get();
        if (fatal != null) {
            throw CommandFailedException.unavailable(fatal.toString());
        }
        return ExitCode.OK;
    }

    private AutoCloseable started(Consumer<FatalError> onFatal) throws CommandFailedException, InterruptedException {
        try {
            Settings read = settings.read();
            AutoCloseable service = start(read, onFatal);
            LOG.info("event=started settings=\"{}\"", read.effective());
            return service;
        } catch (SettingsException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        } catch (IOException
                | KeyUnavailableException
                | SchemaRefusedException
                | KafkaUnavailableException
                | UnsafeTopicsException
                | ForeignRecordException
                | UndecidedTransactionException
                | SequencerStoppedException failed) {
            throw CommandFailedException.unavailable(failed);
        }
    }

    static RegistryClient registry(Settings settings) {
        URI base = settings.uri("registry.url").orElse(REGISTRY_HERE);
        if (base.getRawUserInfo() != null) {
            settings.problem(
                    "registry.url", "holds a login, which is not sent; use registry.user and registry.password");
            base = REGISTRY_HERE;
        }
        Optional<String> user = settings.optional("registry.user");
        Optional<String> password = settings.optional("registry.password");
        if (user.isPresent() != password.isPresent()) {
            settings.problem("registry.user", "and registry.password come together");
            return new RegistryClient(base, null);
        }
        return new RegistryClient(base, user.isEmpty() ? null : new RegistryLogin(user.get(), password.orElse("")));
    }

    /** The id of our schema, registered if need be. Waits for a registry that is still starting. */
    static int register(RegistryClient registry, TopicSchemas schema)
            throws RegistryUnavailableException, SchemaRefusedException, InterruptedException {
        long deadline = System.nanoTime() + REGISTRY_TRIES.toNanos();
        while (true) {
            try {
                return registry.register(schema.subject("terraseal"), schema.text());
            } catch (RegistryUnavailableException silent) {
                if (System.nanoTime() > deadline) {
                    throw silent;
                }
                LOG.warn("event=registry-silent reason=\"{}\"", silent.getMessage());
                java.util.concurrent.TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    static Path declarationFile(Settings settings) {
        return Path.of(settings.text("log.declaration", "log.json"));
    }

    static LogDeclaration declaration(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException(
                    file + " is not there: terraseal log init makes one, and every service needs the same");
        }
        try {
            return LogDeclaration.parse(Bytes.wrap(Files.readAllBytes(file)));
        } catch (IllegalArgumentException notOne) {
            throw new IOException(file + " is no log.json: " + notOne.getMessage(), notOne);
        }
    }

    static KeySources keys(Settings settings, int calls) {
        Path directory = Path.of(settings.text("keys.directory", "keys"));
        KmsConnection kms = new KmsConnection(
                settings.uri("kms.endpoint").orElse(null),
                calls,
                settings.duration("kms.timeout", Duration.ofSeconds(5)));
        return new KeySources(directory, kms, new SecureRandom());
    }

    static List<KeyLocator> places(Settings settings, String name) {
        try {
            return KeyLocator.parseAll(settings.text(name, "local"));
        } catch (IllegalArgumentException wrong) {
            settings.problem(name, "is wrong: " + wrong.getMessage());
            return List.of(new KeyLocator.Local());
        }
    }
}
