package dev.terraseal.store;

import dev.terraseal.settings.Settings;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Where the archive is, as someone configured it: exactly one of the two. Credentials come from the AWS SDK's own chain
 * (environment, profile, container, instance) and are never a setting of ours.
 */
public record StoreSettings(
        @Nullable Path directory, @Nullable S3Location s3) {
    private static final String ARCHIVE = "archive";
    private static final String S3 = "s3://";

    /** What somebody meant as an address. Taken for a directory, the log would begin without a lock, below where they stood. */
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*|.*://.*");

    public StoreSettings {
        if ((directory == null) == (s3 == null)) {
            throw new IllegalArgumentException("an archive is in a directory or in S3");
        }
    }

    /**
     * Reads {@code archive} (a directory, or {@code s3://bucket/prefix}) and for S3 {@code archive.s3.endpoint},
     * {@code archive.s3.region} and {@code archive.s3.path-style}. What is wrong is noted in {@code settings}.
     */
    public static StoreSettings from(Settings settings) {
        String archive = settings.text(ARCHIVE);
        URI endpoint = settings.uri("archive.s3.endpoint").orElse(null);
        String region = settings.optional("archive.s3.region").orElse(null);
        boolean pathStyle = settings.flag("archive.s3.path-style", endpoint != null);
        if (!archive.startsWith(S3)) {
            if (ADDRESS.matcher(archive).matches()) {
                settings.problem(
                        ARCHIVE,
                        "is '" + archive + "', neither a directory nor s3://bucket/prefix (s3 in small letters, two"
                                + " slashes); S3 at another address is archive.s3.endpoint (--s3-endpoint)");
            }
            return inDirectory(Path.of(archive));
        }
        try {
            return new StoreSettings(null, S3Location.parse(archive, endpoint, region, pathStyle));
        } catch (IllegalArgumentException wrong) {
            settings.problem(ARCHIVE, String.valueOf(wrong.getMessage()));
            return inDirectory(Path.of(""));
        }
    }

    public static StoreSettings inDirectory(Path directory) {
        return new StoreSettings(directory, null);
    }

    /** An archive to write to. */
    public ArchiveStore open() throws StoreException {
        return s3 == null
                ? DirectoryStore.open(requireDirectory())
                : S3Store.open(s3, DefaultCredentialsProvider.builder().build());
    }

    /** An archive to read, which must be there if it is a directory. */
    public ArchiveReader openForReading() throws StoreException {
        return s3 == null
                ? DirectoryStore.openForReading(requireDirectory())
                : S3Store.openForReading(
                        s3, DefaultCredentialsProvider.builder().build());
    }

    /** As {@link #open}, to look at it only: where there is none, none is made. */
    public ArchiveStore openToLook() throws StoreException {
        return s3 == null ? DirectoryStore.openForReading(requireDirectory()) : open();
    }

    /** As {@link #openForReading}, with histories and locks; empty for a directory, which has neither. */
    public Optional<VersionedStore> openVersioned() throws StoreException {
        return s3 == null
                ? Optional.empty()
                : Optional.of(S3Store.openForReading(
                        s3, DefaultCredentialsProvider.builder().build()));
    }

    /** The directory it is in. */
    public Path requireDirectory() {
        if (directory == null) {
            throw new IllegalStateException("the archive is not in a directory");
        }
        return directory;
    }

    @Override
    public String toString() {
        return s3 == null ? String.valueOf(directory) : s3.toString();
    }
}
