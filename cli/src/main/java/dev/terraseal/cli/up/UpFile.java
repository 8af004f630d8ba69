package dev.terraseal.cli.up;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.settings.SettingsSource;
import dev.terraseal.store.StoreSettings;
import dev.terraseal.store.s3.S3Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** up.json: what the server of a data directory said when it was ready. By it other commands find server and archive. */
public final class UpFile {
    private final DataDirectory directory;
    private final Json.Obj content;

    private UpFile(DataDirectory directory, Json.Obj content) {
        this.directory = directory;
        this.content = content;
    }

    /** Empty where no server was ever ready. */
    public static Optional<UpFile> read(DataDirectory directory) throws CommandFailedException {
        Path file = directory.upJson();
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            UpFile found = new UpFile(directory, CanonicalJson.parseObject(Bytes.wrap(Files.readAllBytes(file))));
            found.http();
            found.kafka();
            found.place();
            return Optional.of(found);
        } catch (IOException | IllegalArgumentException damaged) {
            throw CommandFailedException.unavailable(
                    file + ", where terraseal up says where its server and its archive are, cannot be read ("
                            + damaged.getMessage()
                            + "): start terraseal up there again with the --archive it had, which"
                            + " writes the file anew, or name what it says with --archive and --server (rejected: --kafka)",
                    damaged);
        }
    }

    /** How the archive is reached, for the ready line and its file; null for a directory. */
    static Json.@Nullable Obj s3(StoreSettings archive) {
        S3Location s3 = archive.s3();
        return s3 == null
                ? null
                : Json.obj()
                        .putIfPresent(
                                "endpoint",
                                s3.endpoint() == null ? null : s3.endpoint().toString())
                        .put("pathStyle", Boolean.toString(s3.pathStyle()))
                        .putIfPresent("region", s3.region())
                        .build();
    }

    public String http() {
        return content.string("http");
    }

    public String kafka() {
        return content.string("kafka");
    }

    /** The archive's place: absolute, or {@code s3://…}. */
    String place() {
        String kept = content.string("archive");
        if (kept.startsWith("s3://")) {
            return kept;
        }
        Path path = Path.of(kept);
        if (path.isAbsolute()) {
            return kept;
        }
        // Written by an older release, below the directory up was started in, which mostly is the one above this.
        Path root = directory.root();
        boolean own = path.endsWith(Path.of(String.valueOf(root.getFileName()), "archive"));
        return (own ? directory.archive() : root.resolveSibling(path).normalize()).toString();
    }

    /** Whether this is the archive; an endpoint may have been moved. */
    boolean isOf(StoreSettings archive) {
        return place().equals(archive.toString());
    }

    /** Names the archive, and how its S3 is reached, in {@code source}. */
    public void archiveTo(SettingsSource source) {
        source.set("archive", place());
        Json.Obj s3 = content.objectOrNull("s3");
        if (s3 == null) {
            return;
        }
        source.set("archive.s3.path-style", s3.string("pathStyle"));
        if (s3.has("endpoint")) {
            source.set("archive.s3.endpoint", s3.string("endpoint"));
        }
        if (s3.has("region")) {
            source.set("archive.s3.region", s3.string("region"));
        }
    }
}
