package dev.terraseal.keys;

import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several places as one, for the days around a rotation: the old key is still needed for what was sequenced before it, the
 * new one for what comes after.
 */
final class SeveralKeys implements KeySource {
    private final List<KeySource> places;

    SeveralKeys(List<KeySource> places) {
        this.places = List.copyOf(places);
    }

    /** Not offered: which of them is meant, only a log says. */
    @Override
    public DeclaredKey declaration(KeyUse use, @Nullable Algorithm algorithm) throws KeyUnavailableException {
        throw new KeyUnavailableException("a log begins with one " + use.text() + " key, and " + places.size()
                + " places were given; name one, and bring the other in by terraseal key rotate");
    }

    /** Where one of them does not answer, the key may be there: so that failure passes, whatever the others said. */
    @Override
    public MessageSigner signer(List<DeclaredKey> declared) throws KeyUnavailableException {
        List<String> reasons = new ArrayList<>();
        KeyUnavailableException passing = null;
        for (DeclaredKey key : declared) {
            for (KeySource place : places) {
                try {
                    return place.signer(List.of(key));
                } catch (KeyUnavailableException elsewhere) {
                    reasons.add(String.valueOf(elsewhere.getMessage()));
                    passing = elsewhere.retryable() ? elsewhere : passing;
                }
            }
        }
        String all = String.join("; ", reasons);
        throw passing == null ? new KeyUnavailableException(all) : KeyUnavailableException.passing(all, passing);
    }

    @Override
    public void close() {
        places.forEach(KeySource::close);
    }
}
