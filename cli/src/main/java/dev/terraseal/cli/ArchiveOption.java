package dev.terraseal.cli;

import dev.terraseal.cli.up.DataDirectory;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.settings.SettingsSource;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command that reads finds the log: {@code --archive}, or the archive of {@code --data}. */
public final class ArchiveOption {
    @Option(
            names = "--archive",
            paramLabel = "DIR|s3://…",
            description = "The archive to read. For S3: --s3-endpoint, and the AWS SDK's own credentials.")
    @Nullable String archive;

    @Option(names = "--s3-endpoint", paramLabel = "URL", description = "An S3 endpoint other than AWS.")
    @Nullable String s3Endpoint;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory of terraseal up (default: ./.terraseal).")
    @Nullable Path data;

    /** The data directory named or the default one. */
    public DataDirectory directory() {
        return DataDirectory.at(data == null ? Path.of(".terraseal") : data);
    }

    /** Whether {@code --archive} says where.. */
    public boolean isNamed() {
        return archive != null;
    }

    /** Whether the log is that of a data directory, with its keys and its server. */
    public boolean readsDataDirectory() {
        return archive == null;
    }

    /** What the running or last server of the data directory said when it was ready. */
    public Optional<Json.Obj> up() throws IOException {
        Path file = directory().upJson();
        return Files.exists(file)
                ? Optional.of(
                        dev.terraseal.core.canonical.CanonicalJson.parseObject(Bytes.wrap(Files.readAllBytes(file))))
                : Optional.empty();
    }

    public ArchiveReader open() throws CommandFailedException {
        try {
            return settings().openForReading();
        } catch (StoreException notThere) {
            throw CommandFailedException.unavailable(String.valueOf(notThere.getMessage()), notThere);
        }
    }

    /** Which store it is. */
    public StoreSettings settings() throws CommandFailedException {
        String place = archive != null ? archive : placeOfData();
        SettingsSource source = new SettingsSource().set("archive", place);
        if (s3Endpoint != null) {
            source.set("archive.s3.endpoint", s3Endpoint);
        }
        try {
            Settings settings = source.settings();
            StoreSettings store = StoreSettings.from(settings);
            settings.done();
            return store;
        } catch (SettingsException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
    }

    private String placeOfData() throws CommandFailedException {
        DataDirectory directory = directory();
        if (!Files.isDirectory(directory.root())) {
            throw CommandFailedException.usage("there is no log in " + directory.root()
                    + ": give --data DIR of a terraseal up, or --archive DIR|s3://…");
        }
        try {
            Optional<Json.Obj> up = up();
            return up.isPresent() && up.get().has("archive")
                    ? up.get().string("archive")
                    : directory.archive().toString();
        } catch (IOException | IllegalArgumentException unreadable) {
            throw CommandFailedException.unavailable(
                    directory.upJson() + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /** The private keys beside the log, for commands that sign with a local key. */
    public List<Path> keyDirectories() {
        return List.of(directory().keys());
    }
}
