package dev.terraseal.keys;

import dev.terraseal.keys.kms.Backoff;
import dev.terraseal.keys.kms.KmsConnection;
import dev.terraseal.keys.kms.KmsKey;
import dev.terraseal.keys.local.LocalKeyFile;
import dev.terraseal.keys.local.LocalKeys;
import dev.terraseal.keys.pkcs11.Pkcs11Key;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Opens what a {@link KeyLocator} names.
 *
 * @param local the directory meant by {@code local}
 * @param random for the jitter of retries only
 */
public record KeySources(Path local, KmsConnection kms, RandomGenerator random) {
    /** All of them as one source; see {@link #open(KeyLocator)}. */
    public KeySource open(List<KeyLocator> locators) {
        return locators.size() == 1
                ? open(locators.get(0))
                : new SeveralKeys(locators.stream().map(this::open).toList());
    }

    /** The caller closes it. Nothing is read or called yet. */
    public KeySource open(KeyLocator locator) {
        if (locator instanceof KeyLocator.AwsKms key) {
            return KmsKey.at(key, kms, random);
        }
        if (locator instanceof KeyLocator.Pkcs11 key) {
            return new Pkcs11Key(key.uri(), Backoff.Pause.sleeping());
        }
        if (locator instanceof KeyLocator.File file) {
            return new LocalKeyFile(file.path());
        }
        return new LocalKeys(local);
    }
}
