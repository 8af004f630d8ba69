package dev.terraseal.store;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.checkpoint.NoteKeyId;
import dev.terraseal.core.keys.KeyId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one layout of an archive, on S3 as in a directory (FORMATS section 7). Tiles have the names of C2SP tlog-tiles, see
 * {@code core.tiles.TilePath}. All are locked but {@link #CHECKPOINT} and partial tiles.
 */
public final class ArchiveNames {
    /** The declaration of the log: what everything else is checked against. */
    public static final String LOG = "log.json";
    /** The newest note with cosignatures, mutable and for readers only. */
    public static final String CHECKPOINT = "checkpoint";

    public static final String DOCS = "docs/";
    public static final String SEGMENTS = "segments/";
    public static final String SEGMENT_SUFFIX = ".jsonl";
    public static final String BATCHES = "batches/";
    public static final String HEADS = "heads/";
    public static final String CHECKPOINTS = "checkpoints/";
    public static final String COSIGNATURES = "cosignatures/";
    public static final String TIMESTAMPS = "timestamps/";
    public static final String SIGNATURES = "signatures/";
    public static final String KEYS = "keys/";
    public static final String ATTACHMENTS = "attachments/sha256/";
    public static final String TILES = "tile/";
    public static final String JSON_SUFFIX = ".json";

    private static final int NAME_MAX = 900;
    /** 64 MiB is the most that one attachment, or the lines of one segment without its last, can have. */
    private static final long LARGE = 66L << 20;
    /** The leaves of more than a million streams. */
    private static final long HEADS_MOST = 256L << 20;
    /** A full tile of entries has 256 of at most 64 KiB. */
    private static final long MOST = 17L << 20;

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

    private ArchiveNames() {}

    /** Envelopes of n ≥ 1 entries from {@code first} on, one a line. */
    public static String segment(SequenceNumber first) {
        return SEGMENTS + first.padded() + SEGMENT_SUFFIX;
    }

    /** The first sequence of a segment, from its name; empty for any other name. */
    public static Optional<SequenceNumber> segmentFirst(String name) {
        return number(SEGMENTS, name, SEGMENT_SUFFIX);
    }

    public static String batch(SequenceNumber first) {
        return BATCHES + first.padded() + JSON_SUFFIX;
    }

    /** The first sequence of the batch whose envelope has that name; empty if it is no envelope's name. */
    public static Optional<SequenceNumber> batchFirst(String name) {
        return number(BATCHES, name, JSON_SUFFIX);
    }

    /** The leaves behind the heads entry at {@code sequence}. */
    public static String heads(SequenceNumber sequence) {
        return HEADS + sequence.padded() + JSON_SUFFIX;
    }

    public static Optional<SequenceNumber> headsSequence(String name) {
        return number(HEADS, name, JSON_SUFFIX);
    }

    /** The note of a tree size with the log's own line. */
    public static String checkpoint(long size) {
        if (size < 0) {
            throw new IllegalArgumentException("a tree has no negative size: " + size);
        }
        return CHECKPOINTS + size;
    }

    /** A line that somebody cosigned the checkpoint of {@code size} with, at a time, by a note key. */
    public static String cosignature(long size, long unixSeconds, NoteKeyId cosigner) {
        return COSIGNATURES + size + "/" + unixSeconds + "-" + cosigner.hex();
    }

    public static String key(KeyId keyid) {
        return KEYS + keyid.hex() + ".pem";
    }

    public static String attachment(Digest sha256) {
        return ATTACHMENTS + sha256.hex();
    }

    /** The number in {@code prefix + 20 digits + suffix}; empty for any other name. */
    public static Optional<SequenceNumber> number(String prefix, String name, String suffix) {
        if (name.length() != prefix.length() + 20 + suffix.length()
                || !name.startsWith(prefix)
                || !name.endsWith(suffix)) {
            return Optional.empty();
        }
        try {
            return Optional.of(SequenceNumber.fromPadded(name.substring(prefix.length(), prefix.length() + 20)));
        } catch (IllegalArgumentException notANumber) {
            return Optional.empty();
        }
    }

    /**
     * Refuses what could leave the archive or mean something else in another store.
     *
     * @throws IllegalArgumentException if {@code name} is empty, too long, absolute, or has a segment {@code .} or {@code ..}
     */
    public static String requireName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("'" + name + "' is no name of an archive object");
        }
        return name;
    }

    /** Whether an archive object can have this name; others may lie in the same place and are nobody's. */
    public static boolean isName(String name) {
        boolean dots = ("/" + name + "/").contains("/./") || ("/" + name + "/").contains("/../");
        return !dots && name.length() <= NAME_MAX && FORM.matcher(name).matches();
    }

    /** How many bytes an object of this name can have at most: what is longer is none of an archive. */
    public static long most(String name) {
        if (name.startsWith(SEGMENTS) || name.startsWith(ATTACHMENTS)) {
            return LARGE;
        }
        return name.startsWith(HEADS) ? HEADS_MOST : MOST;
    }
}
