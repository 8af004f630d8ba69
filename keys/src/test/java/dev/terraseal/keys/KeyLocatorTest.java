package dev.terraseal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.keys.pkcs11.Pkcs11Uri;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyLocatorTest {
    private static final String ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    @Test
    void aKmsKeyIsNamedByItsArnWithTwoOrThreeSlashes() {
        KeyLocator expected = new KeyLocator.AwsKms(ARN, "eu-central-1");
        assertThat(KeyLocator.parse("awskms://" + ARN)).isEqualTo(expected);
        assertThat(KeyLocator.parse("awskms:///" + ARN)).isEqualTo(expected);
        assertThat(expected).hasToString("awskms://" + ARN);
    }

    @Test
    void multiRegionKeysAndOtherPartitionsAreArnsToo() {
        String arn = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
        assertThat(KeyLocator.parse("awskms://" + arn)).isEqualTo(new KeyLocator.AwsKms(arn, "us-gov-west-1"));
    }

    @Test
    void localAndPathsAreRead() {
        assertThat(KeyLocator.parse("local")).isEqualTo(new KeyLocator.Local());
        assertThat(KeyLocator.parse("/etc/terraseal/attest.pem"))
                .isEqualTo(new KeyLocator.File(Path.of("/etc/terraseal/attest.pem")));
        assertThat(KeyLocator.parse("attest.pem")).isEqualTo(new KeyLocator.File(Path.of("attest.pem")));
        assertThat(KeyLocator.parse("file:///etc/terraseal/attest.pem"))
                .isEqualTo(new KeyLocator.File(Path.of("/etc/terraseal/attest.pem")));
    }

    @Test
    void placesAreSeparatedByCommas() {
        assertThat(KeyLocator.parseAll("local, /etc/terraseal/new.pem"))
                .containsExactly(new KeyLocator.Local(), new KeyLocator.File(Path.of("/etc/terraseal/new.pem")));
        assertThatThrownBy(() -> KeyLocator.parseAll("local,")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokensKeyIsReadFromItsUri() {
        String text =
                "pkcs11:slot-id=17;object=attest%2C1?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/pin";
        assertThat(KeyLocator.parse(text))
                .isEqualTo(new KeyLocator.Pkcs11(new Pkcs11Uri(
                        17, "attest,1", Path.of("/usr/lib/softhsm/libsofthsm2.so"), Path.of("/etc/pin"))));
        assertThat(KeyLocator.parse(text).toString()).contains("slot-id=17").contains("pin-source=file:/etc/pin");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pkcs11:object=a?module-path=/m.so | slot-id",
                "pkcs11:token=t;object=a?module-path=/m.so | slot-id",
                "pkcs11:slot-id=1?module-path=/m.so | object",
                "pkcs11:slot-id=1;object=a | module-path",
                "pkcs11:slot-id=1;object=a?module-path=m.so | absolute path",
                "pkcs11:slot-id=1;object=a?module-path=/m.so&pin-value=1234 | pin-source=file:",
                "pkcs11:slot-id=1;slot-id=2;object=a?module-path=/m.so | slot-id twice",
                "pkcs11: | no attribute"
            })
    void aTokensUriThatSaysTooLittleOrTooMuchIsRefused(String text, String saying) {
        assertThatThrownBy(() -> KeyLocator.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(saying)
                .hasMessageNotContaining("1234");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Local",
                "awskms://",
                "awskms:alias/attest",
                "awskms://arn:aws:kms:eu-central-1:111122223333:alias/attest",
                "awskms://arn:aws:s3:eu-central-1:111122223333:key/1",
                "gcpkms://projects/p",
                "file:relative"
            })
    void anythingElseIsRefusedWithTheFormsThatWork(String text) {
        assertThatThrownBy(() -> KeyLocator.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("awskms://ARN");
    }
}
