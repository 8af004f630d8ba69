package dev.terraseal.store.s3;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.StoreException;
import java.util.List;
import java.util.Optional;

/**
 * Finds the largest number in the names below a prefix, where listings only run upwards. It asks for a page from a point
 * on, doubling the distance while there is something and halving once there is nothing: about twice as many calls as the
 * number has bits, however many objects there are, and one where they fit a page.
 */
final class NewestNumber {
    private static final long FIRST_STEP = 4L * S3Versions.PAGE;
    /** Few enough numbers that pages one after the other are no more calls than halving. */
    private static final long NEAR = 8L * S3Versions.PAGE;

    private final S3Versions versions;
    private final String prefix;
    private final String suffix;
    private final SequenceNumber bound;

    NewestNumber(S3Versions versions, String prefix, String suffix, SequenceNumber bound) {
        this.versions = versions;
        this.prefix = prefix;
        this.suffix = suffix;
        this.bound = bound;
    }

    Optional<String> find() throws StoreException {
        // `low` is there (unless -1), and nothing from `high` on is.
        long low = -1;
        long high = bound.value() + 1;
        long from = 0;
        long step = FIRST_STEP;
        boolean doubling = true;
        while (low + 1 < high) {
            // The bare number sorts before the number with its suffix, so that `from` itself is included.
            List<String> page = versions.names(prefix, prefix + new SequenceNumber(from).padded(), S3Versions.PAGE);
            long largest = largest(page, bound.value());
            if (largest < 0) {
                high = from;
                doubling = false;
            } else {
                low = largest;
                if (page.size() < S3Versions.PAGE || largest(page, Long.MAX_VALUE) > bound.value()) {
                    // The page reached past everything that could count.
                    break;
                }
            }
            boolean near = high - low < NEAR;
            from = doubling ? Math.min(low + step, high - 1) : near ? low + 1 : low + (high - low) / 2;
            step *= 2;
        }
        return low < 0 ? Optional.empty() : Optional.of(prefix + new SequenceNumber(low).padded() + suffix);
    }

    /** The largest number in a page that is at most {@code most}, −1 if there is none. Strangers are passed over. */
    private long largest(List<String> page, long most) {
        long largest = -1;
        for (String name : page) {
            long number = ArchiveNames.number(prefix, name, suffix)
                    .map(SequenceNumber::value)
                    .orElse(-1L);
            if (number <= most) {
                largest = Math.max(largest, number);
            }
        }
        return largest;
    }
}
