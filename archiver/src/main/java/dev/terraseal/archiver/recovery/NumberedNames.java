package dev.terraseal.archiver.recovery;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The numbered names below a prefix, from the largest down. What was asked once is remembered: whoever plants names far
 * above the log makes everybody who looks down from them ask the same.
 */
final class NumberedNames {
    private final ArchiveReader store;
    private final String prefix;
    private final String suffix;
    /** From a number that was found, −1 for none, to the largest bound it is the answer for. */
    private final TreeMap<Long, Long> answers = new TreeMap<>();

    NumberedNames(ArchiveReader store, String prefix, String suffix) {
        this.store = store;
        this.prefix = prefix;
        this.suffix = suffix;
    }

    /** The largest number at or below {@code bound} that has a name. */
    Optional<SequenceNumber> newest(SequenceNumber bound) throws StoreException {
        Map.Entry<Long, Long> known = answers.floorEntry(bound.value());
        if (known != null && bound.value() <= known.getValue()) {
            return known.getKey() < 0 ? Optional.empty() : Optional.of(new SequenceNumber(known.getKey()));
        }
        Optional<SequenceNumber> found =
                store.newestNumbered(prefix, suffix, bound).flatMap(name -> ArchiveNames.number(prefix, name, suffix));
        answers.merge(found.map(SequenceNumber::value).orElse(-1L), bound.value(), Math::max);
        return found;
    }
}
