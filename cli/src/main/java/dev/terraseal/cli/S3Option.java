package dev.terraseal.cli;

import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.settings.SettingsSource;
import dev.terraseal.store.StoreSettings;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the S3 of an archive is reached; credentials are the AWS SDK's own. */
public final class S3Option {
    @Option(names = "--s3-endpoint", paramLabel = "URL", description = "An S3 endpoint other than AWS.")
    @Nullable URI endpoint;

    @Option(names = "--s3-region", paramLabel = "REGION", description = "The bucket's region (default: the SDK's own).")
    @Nullable String region;

    @Option(
            names = "--s3-path-style",
            paramLabel = "true|false",
            arity = "1",
            description =
                    "Whether the bucket is in the path and not in the host name (default: true with --s3-endpoint).")
    @Nullable Boolean pathStyle;

    boolean isGiven() {
        return endpoint != null || region != null || pathStyle != null;
    }

    /** What was given, over what {@code source} has. */
    public SettingsSource over(SettingsSource source) {
        if (endpoint != null) {
            source.set("archive.s3.endpoint", endpoint.toString());
        }
        if (region != null) {
            source.set("archive.s3.region", region);
        }
        if (pathStyle != null) {
            source.set("archive.s3.path-style", pathStyle.toString());
        }
        return source;
    }

    /** The archive that {@code source} names. */
    StoreSettings store(SettingsSource source) throws CommandFailedException {
        try {
            Settings settings = over(source).settings();
            StoreSettings store = StoreSettings.from(settings);
            settings.done();
            return store;
        } catch (SettingsException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
    }
}
