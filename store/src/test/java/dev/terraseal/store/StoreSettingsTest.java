package dev.terraseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.settings.Settings;
import dev.terraseal.settings.SettingsException;
import dev.terraseal.store.s3.S3Location;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreSettingsTest {
    @Test
    void aPathIsADirectory() throws SettingsException {
        Settings settings = Settings.of(Map.of("archive", "/var/lib/terraseal/archive"));
        assertThat(StoreSettings.from(settings))
                .isEqualTo(StoreSettings.inDirectory(Path.of("/var/lib/terraseal/archive")));
        settings.done();
    }

    @Test
    void anS3AddressNamesBucketAndPrefix() throws SettingsException {
        Settings settings =
                Settings.of(Map.of("archive", "s3://acme-evidence/logs/prod", "archive.s3.region", "eu-central-1"));
        assertThat(StoreSettings.from(settings).s3())
                .isEqualTo(new S3Location("acme-evidence", "logs/prod/", null, "eu-central-1", false));
        settings.done();
    }

    @Test
    void anEndpointOfItsOwnIsAddressedByPathUnlessToldOtherwise() {
        Map<String, String> there =
                Map.of("archive", "s3://acme-evidence", "archive.s3.endpoint", "http://127.0.0.1:9000");
        assertThat(StoreSettings.from(Settings.of(there)).s3())
                .isEqualTo(new S3Location("acme-evidence", "", URI.create("http://127.0.0.1:9000"), null, true));
    }

    @Test
    void whatIsNoAddressIsReportedWithAnExample() {
        for (String wrong : new String[] {"s3://", "s3://A", "s3://bucket//x", "s3://bucket/a b"}) {
            Settings settings = Settings.of(Map.of("archive", wrong));
            StoreSettings.from(settings);
            assertThatThrownBy(settings::done)
                    .as(wrong)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("archive");
        }
    }

    /** Below the directory somebody stands in, nothing locks what they believe to be locked. */
    @Test
    void whatLooksLikeAnAddressIsNoDirectory() throws SettingsException {
        for (String wrong : new String[] {
            "S3://evidence/log",
            "s3:/evidence",
            "gs://evidence",
            "https://minio:9000/evidence",
            "s3a://evidence",
            "x//y://z"
        }) {
            Settings settings = Settings.of(Map.of("archive", wrong));
            StoreSettings.from(settings);
            assertThatThrownBy(settings::done)
                    .as(wrong)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContainingAll("archive is '" + wrong + "'", "s3://bucket/prefix");
        }
        for (String right : new String[] {"./s3:evidence", "/srv/log:1/archive", "a/b:/c", "archive"}) {
            Settings settings = Settings.of(Map.of("archive", right));
            assertThat(StoreSettings.from(settings).directory()).isEqualTo(Path.of(right));
            settings.done();
        }
    }

    @Test
    void aMissingArchiveIsReported() {
        Settings settings = Settings.of(Map.of());
        StoreSettings.from(settings);
        assertThatThrownBy(settings::done).isInstanceOf(SettingsException.class).hasMessageContaining("archive");
    }
}
