package dev.terraseal.store.s3;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.StoreException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Finds the largest number in the names below a prefix, where listings only run upwards. It asks for a page from a point
 * on, doubling the distance while there is something and halving once there is nothing: about twice as many calls as the
 * number has bits, however many objects there are, and one where they fit a page.
 *
 * <p>Whoever may write can fill whole pages with names that are none of these. That nothing is there is concluded only from
 * a listing that went past every name it could have; so such pages cost a call or two each, and hide nothing.
 */
final class NewestNumber {
    private static final long FIRST_STEP = 4L * S3Versions.PAGE;
    /** Few enough numbers that pages one after the other are no more calls than halving. */
    private static final long NEAR = 8L * S3Versions.PAGE;

    private static final int DIGITS = 20;

    private final S3Versions versions;
    private final String prefix;
    private final String suffix;
    private final SequenceNumber bound;

    /**
     * What a look upwards found.
     *
     * @param largest −1 if there is none
     * @param everything whether no larger one was left to look for
     */
    private record Seen(long largest, boolean everything) {}

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
            Seen seen = look(from, high);
            if (seen.largest() < 0) {
                high = from;
                doubling = false;
            } else {
                low = seen.largest();
                if (seen.everything()) {
                    break;
                }
            }
            boolean near = high - low < NEAR;
            from = doubling ? Math.min(low + step, high - 1) : near ? low + 1 : low + (high - low) / 2;
            step *= 2;
        }
        return low < 0 ? Optional.empty() : Optional.of(name(low));
    }

    /** Upwards from {@code from}, past pages without any, to the first page with numbers below {@code high}. */
    private Seen look(long from, long high) throws StoreException {
        long at = from;
        while (at < high) {
            // The bare number sorts before the number with its suffix, so that `at` itself is included.
            List<String> page = versions.names(prefix, prefix + new SequenceNumber(at).padded(), S3Versions.PAGE);
            String last = page.size() < S3Versions.PAGE ? null : page.get(page.size() - 1);
            long next = last == null ? high : following(last);
            long largest = largest(page, high - 1);
            if (largest >= 0) {
                return new Seen(largest, next >= high);
            }
            if (last == null || next >= high) {
                break;
            }
            boolean amongItsStrangers = last.startsWith(prefix + new SequenceNumber(next).padded());
            if (amongItsStrangers && versions.exists(name(next))) {
                return new Seen(next, next + 1 >= high);
            }
            // Others of these strangers may fill the next page, and what they could hide has just been asked for.
            at = amongItsStrangers ? next + 1 : next;
        }
        return new Seen(-1, true);
    }

    private String name(long number) {
        return prefix + new SequenceNumber(number).padded() + suffix;
    }

    /** The smallest number whose name comes after this one, which need not be of their form. */
    private long following(String name) {
        String tail = name.substring(prefix.length());
        int digits = 0;
        while (digits < Math.min(tail.length(), DIGITS) && tail.charAt(digits) >= '0' && tail.charAt(digits) <= '9') {
            digits++;
        }
        BigInteger number =
                new BigInteger("0" + tail.substring(0, digits)).multiply(BigInteger.TEN.pow(DIGITS - digits));
        boolean above = digits == DIGITS
                ? tail.substring(DIGITS).compareTo(suffix) >= 0
                : digits < tail.length() && tail.charAt(digits) > '9';
        BigInteger next = above ? number.add(BigInteger.TEN.pow(DIGITS - digits)) : number;
        return next.bitLength() < Long.SIZE ? next.longValue() : Long.MAX_VALUE;
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
