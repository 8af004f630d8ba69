package dev.terraseal.audit;

import dev.terraseal.core.tiles.TilePath;
import dev.terraseal.store.ArchiveNames;
import java.util.List;

/** What an object is to an archive, told from its name (FORMATS section 7). */
enum ObjectKind {
    /** Changes all the time and is not locked: {@code checkpoint} and partial tiles. Readers look there; no proof does. */
    MUTABLE,
    /** Needed to prove entries that come later, and so kept as long as those. */
    NEEDED_LATER,
    /** Proves what was archived with it. */
    KEPT,
    /** Nothing in the log names it, so whether it belongs there cannot be told. */
    BESIDE;

    private static final List<String> LATER =
            List.of(ArchiveNames.KEYS, ArchiveNames.CHECKPOINTS, ArchiveNames.TILES, ArchiveNames.TIMESTAMPS);
    private static final List<String> KEPT_PREFIXES =
            List.of(ArchiveNames.SEGMENTS, ArchiveNames.BATCHES, ArchiveNames.HEADS, ArchiveNames.ATTACHMENTS);

    static ObjectKind of(String name) {
        if (name.equals(ArchiveNames.CHECKPOINT)
                || TilePath.parse(name).map(path -> !path.isFull()).orElse(false)) {
            return MUTABLE;
        }
        if (name.equals(ArchiveNames.LOG) || LATER.stream().anyMatch(name::startsWith)) {
            return NEEDED_LATER;
        }
        return KEPT_PREFIXES.stream().anyMatch(name::startsWith) ? KEPT : BESIDE;
    }
}
