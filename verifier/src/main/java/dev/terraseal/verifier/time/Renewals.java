package dev.terraseal.verifier.time;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.core.timestamp.TokenList;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tokens over lists of other tokens: what a token says still counts after its algorithm was broken, if a token that counts
 * itself says that it was there before. How the times of two tokens compare does not matter, for no two authorities share a
 * clock.
 */
final class Renewals {
    private final Map<String, Renewal> all = new HashMap<>();
    private final Map<Algorithm, Timestamp> broken;

    private record Renewal(Digest digest, Instant time, Set<Algorithm> algorithms, Map<String, Digest> listed) {}

    Renewals(Map<Algorithm, Timestamp> broken) {
        this.broken = broken;
    }

    void add(String file, Digest digest, Instant time, Set<Algorithm> algorithms, Bytes list) throws TokenException {
        all.put(file, new Renewal(digest, time, algorithms, TokenList.parse(list)));
    }

    /** What the renewals that count say: file and hash of a token, and the earliest time at which it was listed. */
    Map<Listed, Instant> listed() {
        Map<Listed, Instant> listed = new HashMap<>();
        Map<String, Renewal> waiting = new HashMap<>(all);
        Deque<Renewal> counting = new ArrayDeque<>();
        all.forEach((file, renewal) -> {
            if (breaks(renewal.algorithms()).equals(Instant.MAX)) {
                counting.add(renewal);
                waiting.remove(file);
            }
        });
        while (!counting.isEmpty()) {
            Renewal renewal = counting.remove();
            renewal.listed().forEach((file, digest) -> {
                listed.merge(
                        new Listed(file, digest), renewal.time(), (one, other) -> one.isBefore(other) ? one : other);
                Renewal older = waiting.get(file);
                if (older != null
                        && older.digest().equals(digest)
                        && renewal.time().isBefore(breaks(older.algorithms()))) {
                    counting.add(older);
                    waiting.remove(file);
                }
            });
        }
        return listed;
    }

    /** A token as a list names it. */
    record Listed(String file, Digest digest) {}

    /** Whether a token counts, given what {@link #listed} says. */
    boolean counts(Listed token, Set<Algorithm> algorithms, Map<Listed, Instant> listed) {
        Instant first = breaks(algorithms);
        return first.equals(Instant.MAX)
                || listed.getOrDefault(token, Instant.MAX).isBefore(first);
    }

    /** When the first of these algorithms was broken; {@link Instant#MAX} where none is. */
    private Instant breaks(Set<Algorithm> algorithms) {
        Instant first = Instant.MAX;
        for (Algorithm algorithm : algorithms) {
            Timestamp after = broken.get(algorithm);
            if (after != null && Instant.ofEpochMilli(after.epochMillis()).isBefore(first)) {
                first = Instant.ofEpochMilli(after.epochMillis());
            }
        }
        return first;
    }
}
