package dev.terraseal.cli.log;

import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeySources;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.LogBirth;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * With which keys a log is to be born, as options said it; null or none where they did not.
 *
 * @param threshold how many authority keys must sign a change of keys
 */
record GivenKeys(
        @Nullable String attest,
        @Nullable String log,
        List<String> authorities,
        @Nullable Integer threshold) {

    LogBirth.Request in(LogBirth.Request request, KeySources keys) {
        return request.withAttest(source(keys, attest), null)
                .withLog(source(keys, log))
                .withAuthorities(
                        authorities.stream()
                                .map(KeyLocator::parse)
                                .map(keys::open)
                                .toList(),
                        threshold == null ? 1 : threshold);
    }

    /** Where the log key is that signs the first checkpoint. */
    KeyLocator logKey() {
        return KeyLocator.parse(log == null ? "local" : log);
    }

    private static @Nullable KeySource source(KeySources keys, @Nullable String text) {
        KeyLocator locator = KeyLocator.parse(text == null ? "local" : text);
        return locator instanceof KeyLocator.Local ? null : keys.open(locator);
    }

    /**
     * How a log that was born before differs from what was asked; empty if it does not.
     *
     * @param notCompared told of each key that cannot be read now: a start must not depend on KMS, nor on an authority that
     *     is offline, as it has to be
     */
    Optional<String> differs(LogDeclaration born, KeySources keys, Consumer<String> notCompared) {
        if (threshold != null && threshold != born.authorityThreshold()) {
            return Optional.of("of whose authority " + born.authorityThreshold() + " must sign, not " + threshold
                    + "; leave --authority-threshold out");
        }
        int authority = born.authorityKeys().size();
        if (!authorities.isEmpty() && authorities.size() != authority) {
            return Optional.of(
                    "with " + authority + " authority keys, not " + authorities.size() + "; leave --authority-key out");
        }
        Optional<String> first = differs("--key", KeyUse.ATTEST, attest, born, keys, notCompared)
                .or(() -> differs("--log-key-source", KeyUse.LOG, log, born, keys, notCompared));
        for (String each : authorities) {
            first = first.or(() -> differs("--authority-key", KeyUse.AUTHORITY, each, born, keys, notCompared));
        }
        return first;
    }

    private static Optional<String> differs(
            String option,
            KeyUse use,
            @Nullable String text,
            LogDeclaration born,
            KeySources keys,
            Consumer<String> notCompared) {
        KeySource source =
                use == KeyUse.AUTHORITY && text != null ? keys.open(KeyLocator.parse(text)) : source(keys, text);
        if (source == null) {
            // Local ones were made at the birth; which of them are still there a rotation decided.
            return Optional.empty();
        }
        try (source) {
            DeclaredKey key = source.declaration(use, null);
            boolean same = born.keys(use).stream().anyMatch(each -> each.keyid().equals(key.keyid()));
            return same
                    ? Optional.empty()
                    : Optional.of("whose log.json does not name the key " + key.keyid() + " at " + text + "; leave "
                            + option + " out (terraseal key rotate brings another one in)");
        } catch (KeyUnavailableException silent) {
            notCompared.accept(option + " " + text + " was not compared with log.json: " + silent.getMessage());
            return Optional.empty();
        }
    }
}
