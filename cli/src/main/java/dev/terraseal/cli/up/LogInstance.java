package dev.terraseal.cli.up;

import dev.terraseal.archiver.ArchiveBirth;
import dev.terraseal.archiver.ArchivedEnd;
import dev.terraseal.archiver.ArchiverStoppedException;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ProductDocs;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeySources;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.LogBirth;
import dev.terraseal.keys.LogExistsException;
import dev.terraseal.keys.Providers;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The log a data directory and an archive hold: born in an empty pair of them, the same one ever after. A pair that
 * disagrees stops with both values, because going on would be a second history.
 */
public final class LogInstance {
    private LogInstance() {}

    /** @param onBorn told of a log that began here and now, for what its operator has to do */
    static LogDeclaration openOrBegin(
            DataDirectory data,
            UpOptions options,
            ArchiveStore archive,
            KeySources keys,
            SecureRandom random,
            Consumer<LogBirth.Born> onBorn)
            throws CommandFailedException {
        try {
            Optional<LogDeclaration> archived = archived(archive);
            if (!Files.exists(data.logJson())) {
                if (archived.isPresent()) {
                    throw CommandFailedException.usage("the archive " + options.archive() + " holds the log "
                            + archived.get().origin() + " (genesis "
                            + archived.get().genesis() + "), and the data directory "
                            + data.root()
                            + " holds none: give the data directory that log runs in, or another archive. Where that"
                            + " directory is lost, put its log.json and keys here and take the log up from its archive:"
                            + " terraseal log resume");
                }
                onBorn.accept(begin(data, options, keys, random));
            }
            LogDeclaration log = LogDeclaration.parse(Bytes.wrap(Files.readAllBytes(data.logJson())));
            requireSame(log, options, archived);
            if (archived.isEmpty()) {
                requireNoOther(data, options);
            }
            birth(log, options, archive, keys);
            return log;
        } catch (IOException | LogExistsException | KeyUnavailableException | SigningException failed) {
            throw CommandFailedException.unavailable(String.valueOf(failed.getMessage()), failed);
        }
    }

    private static Optional<LogDeclaration> archived(ArchiveStore archive) throws StoreException {
        return archive.read(ArchiveNames.LOG, LogInstance::isDeclaration)
                .map(Stored::content)
                .map(LogDeclaration::parse);
    }

    private static boolean isDeclaration(Bytes content) {
        try {
            return !LogDeclaration.parse(content).keys().isEmpty();
        } catch (IllegalArgumentException planted) {
            return false;
        }
    }

    private static LogBirth.Born begin(DataDirectory data, UpOptions options, KeySources keys, SecureRandom random)
            throws IOException, LogExistsException, KeyUnavailableException {
        Birth birth = options.birth();
        LogBirth.Request request = new LogBirth.Request(
                        data.logJson(),
                        data.keys(),
                        data.authority(),
                        birth.origin().orElse(null),
                        null,
                        null,
                        null,
                        List.of(),
                        1,
                        birth.heartbeat().orElse(LogBirth.HEARTBEAT),
                        birth.retention().orElse(LogBirth.RETENTION))
                .withAttest(source(keys, options.attestKeys()), null)
                .withLog(source(keys, options.logKeys()));
        return new LogBirth(Clock.systemUTC(), random).begin(request);
    }

    private static @org.jspecify.annotations.Nullable KeySource source(KeySources keys, List<KeyLocator> places) {
        return places.equals(List.of(new KeyLocator.Local())) ? null : keys.open(places);
    }

    private static void requireSame(LogDeclaration log, UpOptions options, Optional<LogDeclaration> archived)
            throws CommandFailedException {
        Optional<String> other = options.birth().differs(log);
        if (other.isPresent()) {
            throw CommandFailedException.usage("the data directory holds " + other.get());
        }
        if (archived.isPresent() && !archived.get().genesis().equals(log.genesis())) {
            throw CommandFailedException.usage("the archive " + options.archive() + " holds the log "
                    + archived.get().origin()
                    + " (genesis " + archived.get().genesis() + "), and the data directory the log " + log.origin()
                    + " (genesis " + log.genesis() + "): give each log an archive of its own");
        }
    }

    /** An option that was forgotten would begin a second archive, and nothing would ever be added to the first. */
    private static void requireNoOther(DataDirectory data, UpOptions options) throws CommandFailedException {
        Optional<UpFile> up = UpFile.read(data);
        if (up.isPresent() && !up.get().isOf(options.archive())) {
            throw CommandFailedException.usage("the log of " + data.root() + " is archived in "
                    + up.get().place() + ", and " + options.archive() + " holds no log: start with --archive "
                    + up.get().place() + ", as before. To begin a second archive and leave that one as it is, move "
                    + data.upJson() + " away first");
        }
    }

    /** Does nothing to an archive that has begun, and finishes a birth that was cut short. */
    static void birth(LogDeclaration log, UpOptions options, ArchiveStore archive, KeySources keys)
            throws IOException, KeyUnavailableException, SigningException {
        ArchiveBirth birth = new ArchiveBirth(archive, Clock.systemUTC());
        if (birth.isDone(log)) {
            // The log key of that day may be long gone.
            return;
        }
        try (KeySource source = keys.open(options.logKeys())) {
            MessageSigner logKey = source.signer(log.keys(KeyUse.LOG));
            birth.begin(log, logKey, ProductDocs.all());
        }
    }

    /**
     * How many entries the archive holds, told from what the log signed; 0 where it has not begun.
     *
     * @throws StoreException also if the archive does not hold together
     */
    public static long archivedSize(LogDeclaration log, ArchiveReader archive) throws StoreException {
        if (archive.read(ArchiveNames.checkpoint(0), Validity.any()).isEmpty()) {
            return 0;
        }
        try {
            return ArchivedEnd.read(log, archive, new SignatureChecker(Providers.fast()))
                    .size();
        } catch (ArchiverStoppedException broken) {
            throw StoreException.lasting(String.valueOf(broken.getMessage()), broken);
        }
    }
}
