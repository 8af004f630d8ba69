package dev.terraseal.verifier.time;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.core.timestamp.TokenList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Tokens over lists of older tokens: what a token says still counts after its algorithm was broken, if a younger token,
 * which counts itself, says that it was there before.
 */
final class Renewals {
    private final List<Renewal> all = new ArrayList<>();

    private record Renewal(
            String file, Digest digest, Instant time, Set<Algorithm> algorithms, Map<String, Digest> older) {}

    void add(String file, Digest digest, Instant time, Set<Algorithm> algorithms, Bytes list) throws TokenException {
        all.add(new Renewal(file, digest, time, algorithms, TokenList.parse(list)));
        all.sort(Comparator.comparing(Renewal::time).reversed());
    }

    /** Whether a token counts although some of its algorithms are broken. */
    boolean counts(String file, Digest digest, Set<Algorithm> algorithms, Map<Algorithm, Timestamp> broken) {
        if (broken.isEmpty()) {
            return true;
        }
        Map<String, Boolean> known = new HashMap<>();
        // The youngest first: a renewal can be held up by a younger one alone.
        for (Renewal renewal : all) {
            known.put(renewal.file(), holds(renewal.file(), renewal.digest(), renewal.algorithms(), broken, known));
        }
        return holds(file, digest, algorithms, broken, known);
    }

    private boolean holds(
            String file,
            Digest digest,
            Set<Algorithm> algorithms,
            Map<Algorithm, Timestamp> broken,
            Map<String, Boolean> known) {
        Instant first = Instant.MAX;
        for (Algorithm algorithm : algorithms) {
            Timestamp after = broken.get(algorithm);
            if (after != null && Instant.ofEpochMilli(after.epochMillis()).isBefore(first)) {
                first = Instant.ofEpochMilli(after.epochMillis());
            }
        }
        if (first.equals(Instant.MAX)) {
            return true;
        }
        for (Renewal renewal : all) {
            if (known.getOrDefault(renewal.file(), false)
                    && renewal.time().isBefore(first)
                    && Objects.equals(digest, renewal.older().get(file))) {
                return true;
            }
        }
        return false;
    }
}
