package dev.terraseal.cli;

import dev.terraseal.cli.up.DataDirectory;
import dev.terraseal.cli.up.UpFile;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which data directory of {@code terraseal up}. */
public final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory of terraseal up (default: ./.terraseal).")
    @Nullable Path data;

    /** The data directory named or the default one. */
    public DataDirectory directory() {
        return DataDirectory.at(data == null ? Path.of(".terraseal") : data);
    }

    /** What the running or last server of the data directory said when it was ready. */
    public Optional<UpFile> up() throws CommandFailedException {
        return UpFile.read(directory());
    }
}
