package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The files of an archive. It may grow while it is read: checkpoints are those of a first listing, everything they cover
 * is that of a second one, because an archive writes what a checkpoint covers before the checkpoint.
 */
final class ArchiveFiles {
    static final String LOG = "log.json";
    static final String CHECKPOINT = "checkpoint";
    static final String SEGMENTS = "segments/";
    static final String BATCHES = "batches/";
    static final String HEADS = "heads/";
    static final String DOCS = "docs/";
    static final String CHECKPOINTS = "checkpoints/";
    static final String KEYS = "keys/";
    static final String ATTACHMENTS = "attachments/sha256/";
    static final String TILES = "tile/";
    static final String COSIGNATURES = "cosignatures/";
    static final String TIMESTAMPS = "timestamps/";

    private final ArchiveSource source;
    private final ArchiveListing files;
    private final List<Long> listedSizes;
    private final Set<String> spare = new HashSet<>();
    private List<Long> checkpointSizes;

    private ArchiveFiles(ArchiveSource source, ArchiveListing files, List<Long> checkpointSizes) {
        this.source = source;
        this.files = files;
        this.listedSizes = List.copyOf(checkpointSizes);
        this.checkpointSizes = listedSizes;
    }

    static ArchiveFiles of(ArchiveSource source) throws IOException {
        List<Long> sizes = new ArrayList<>();
        try (ArchiveListing first = source.list(CHECKPOINTS)) {
            for (String name : first.names()) {
                if (name.startsWith(CHECKPOINTS)) {
                    String size = name.substring(CHECKPOINTS.length());
                    if (size.matches("0|[1-9][0-9]{0,15}")) {
                        sizes.add(Long.valueOf(size));
                    }
                }
            }
        }
        Collections.sort(sizes);
        return new ArchiveFiles(source, source.list(""), sizes);
    }

    ArchiveListing files() {
        return files;
    }

    String immutability() {
        return source.immutability();
    }

    boolean isShared() {
        return source.isShared();
    }

    /** What the oldest valid version of an object is decided by. */
    interface Valid {
        boolean holds(Bytes content) throws IOException;
    }

    /** Makes the oldest valid version count where there are several; the oldest of all stays where none is valid. */
    void settle(String name, Valid valid) throws IOException {
        if (!files.has(name) || files.versions(name) == 1) {
            return;
        }
        for (int i = 0; i < files.versions(name); i++) {
            if (valid.holds(files.version(name, i))) {
                files.count(name, i);
                return;
            }
        }
    }

    /** A whole object, of its versions the oldest valid one. */
    Bytes read(String name, int limit, Valid valid) throws IOException {
        settle(name, valid);
        return files.read(name, limit);
    }

    /** Names what is no part of the archive. It fails where only the archiver should have been able to put it there. */
    void spare(Findings findings, Layer layer, FindingName inDirectory, String name, String message) {
        spare.add(name);
        findings.add(layer, isShared() ? FindingName.LEFT_OVER : inDirectory, name, message);
    }

    /** Counts a name neither as a part of the archive nor as none. */
    void setAside(String name) {
        spare.add(name);
    }

    /** Names that are no part of the archive, as far as it was read. */
    Set<String> spare() {
        return spare;
    }

    /** Before everything is read once more. */
    void forgetSpare() {
        spare.clear();
    }

    /**
     * Where others can put objects under names that are still to come, the newest checkpoint is the largest that the log
     * signed; larger ones are none.
     *
     * @return the sizes that do not count
     */
    List<Long> settleNewestCheckpoint(Valid signed) throws IOException {
        if (!isShared()) {
            return List.of();
        }
        int count = listedSizes.size();
        while (count > 0 && !any(CHECKPOINTS + listedSizes.get(count - 1), signed)) {
            count--;
        }
        checkpointSizes = listedSizes.subList(0, count);
        return listedSizes.subList(count, listedSizes.size());
    }

    /** Whether any version of a name is valid. */
    boolean any(String name, Valid valid) throws IOException {
        for (int i = 0; files.has(name) && i < files.versions(name); i++) {
            if (valid.holds(files.version(name, i))) {
                return true;
            }
        }
        return false;
    }

    /** Sizes of signed checkpoints, ascending. */
    List<Long> checkpointSizes() {
        return Collections.unmodifiableList(checkpointSizes);
    }

    long newestCheckpoint() {
        return checkpointSizes.isEmpty() ? -1 : checkpointSizes.get(checkpointSizes.size() - 1);
    }

    /** Names under a prefix, ascending. */
    List<String> under(String prefix) {
        List<String> all = files.names();
        int from = position(all, prefix);
        int to = from;
        while (to < all.size() && all.get(to).startsWith(prefix)) {
            to++;
        }
        return all.subList(from, to);
    }

    private static int position(List<String> sorted, String name) {
        int found = Collections.binarySearch(sorted, name);
        return found < 0 ? -found - 1 : found;
    }

    static String numbered(String prefix, long number, String suffix) {
        return prefix + new SequenceNumber(number).padded() + suffix;
    }

    /** Whether a name is one an archive writes. Names that begin with a dot are work in progress and left alone. */
    static boolean isKnown(String name) {
        return name.equals(LOG)
                || name.equals(CHECKPOINT)
                || name.matches("segments/[0-9]{20}\\.jsonl|(batches|heads)/[0-9]{20}\\.json")
                || name.matches("checkpoints/(0|[1-9][0-9]{0,15})|keys/[0-9a-f]{64}\\.pem")
                || name.matches("attachments/sha256/[0-9a-f]{64}|docs/.+|tile/.+")
                || name.startsWith(TIMESTAMPS)
                || isUnread(name);
    }

    /** What a birth writes there: this format, and a schema of each topic. */
    static boolean isDoc(String name) {
        return name.matches("docs/(formats\\.md|[a-z]+\\.avsc)");
    }

    static boolean isHidden(String name) {
        return name.startsWith(".") || name.contains("/.");
    }

    /** What belongs to an archive and this version does not judge. */
    static boolean isUnread(String name) {
        return name.startsWith(COSIGNATURES) || name.startsWith("signatures/");
    }
}
