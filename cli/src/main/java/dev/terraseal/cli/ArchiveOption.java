package dev.terraseal.cli;

import dev.terraseal.cli.up.DataDirectory;
import dev.terraseal.cli.up.UpFile;
import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsSource;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.StoreSettings;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a command that reads finds the log: {@code --archive}, or the archive of {@code --data}. */
public final class ArchiveOption {
    @Option(
            names = "--archive",
            paramLabel = "DIR|s3://…",
            description = "The archive to read. For S3: --s3-…, and the AWS SDK's own credentials.")
    @Nullable String archive;

    @Mixin
    S3Option s3 = new S3Option();

    @Mixin
    DataOption data = new DataOption();

    /** The data directory named or the default one. */
    public DataDirectory directory() {
        return data.directory();
    }

    DataOption data() {
        return data;
    }

    /** Whether the log is that of a data directory, with its keys and its server. */
    public boolean readsDataDirectory() {
        return archive == null;
    }

    public ArchiveReader open() throws CommandFailedException {
        return open(settings());
    }

    static ArchiveReader open(StoreSettings store) throws CommandFailedException {
        try {
            return store.openForReading();
        } catch (StoreException notThere) {
            throw CommandFailedException.unavailable(String.valueOf(notThere.getMessage()), notThere);
        }
    }

    /** What was given, over the settings of a service. */
    SettingsSource over(SettingsSource settings) {
        if (archive != null) {
            settings.set("archive", archive);
        }
        return s3.over(settings);
    }

    /** The archive that {@code settings} name, on which this was laid; that of the data directory where they name none. */
    StoreSettings in(Settings settings) throws CommandFailedException {
        return settings.optional("archive").isPresent() ? StoreSettings.from(settings) : settings();
    }

    /** Which store it is. */
    public StoreSettings settings() throws CommandFailedException {
        SettingsSource source = new SettingsSource();
        if (archive != null) {
            source.set("archive", archive);
        } else {
            ofData(source);
        }
        return s3.store(source);
    }

    private void ofData(SettingsSource source) throws CommandFailedException {
        DataDirectory directory = directory();
        if (!Files.isDirectory(directory.root())) {
            throw CommandFailedException.usage("there is no log in " + directory.root()
                    + ": give --data DIR of a terraseal up, or --archive DIR|s3://…");
        }
        Optional<UpFile> up = data.up();
        if (up.isPresent()) {
            up.get().archiveTo(source);
        } else {
            source.set("archive", directory.archive().toString());
        }
    }
}
