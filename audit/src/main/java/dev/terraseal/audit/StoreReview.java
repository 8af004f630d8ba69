package dev.terraseal.audit;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.store.Version;
import dev.terraseal.store.VersionedStore;
import dev.terraseal.verifier.archive.MoreLayers;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an archive's store did to its objects: their versions, then their locks. */
final class StoreReview implements MoreLayers {
    private final VersionedStore store;
    private final WorkDirectory work;
    private final LockReview locks;
    private final Supplier<StoreListing> listing;
    private long repeated;
    private long versions;
    private LockReview.@Nullable Summary summary;

    /** @param listing the one that was verified */
    StoreReview(VersionedStore store, WorkDirectory work, LockReview locks, Supplier<StoreListing> listing) {
        this.store = store;
        this.work = work;
        this.locks = locks;
        this.listing = listing;
    }

    @Override
    public void judge(WhatWasRead read, Findings findings) throws IOException {
        Optional<String> unfit = store.unfit();
        if (unfit.isPresent()) {
            findings.add(Layer.LOCKS, FindingName.WRONG_SETTINGS, "", unfit.get());
        }
        List<StoreListing.Held> archived = new ArrayList<>();
        for (StoreListing.Held held : listing.get().all()) {
            versions += held.versions().size();
            if (held.kind() == ObjectKind.MUTABLE || read.spare().contains(held.name())) {
                continue;
            }
            judgeHistory(held, findings);
            if (!held.contents().isEmpty()) {
                archived.add(held);
            }
        }
        findings.conclude(LayerResult.valid(
                Layer.VERSIONS,
                "Version history read",
                archived.size() + " objects" + (repeated == 0 ? "" : ", " + repeated + " written twice alike")));
        summary = locks.judge(archived, read, findings);
    }

    /** What somebody put on top of an object or beside it. Nothing of it counts. */
    private void judgeHistory(StoreListing.Held held, Findings findings) throws IOException {
        if (held.versions().size() == 1 && !held.contents().isEmpty()) {
            return;
        }
        Version counts = held.contents().isEmpty() ? null : held.counting();
        boolean passed = false;
        for (Version version : held.versions()) {
            if (version.equals(counts)) {
                passed = true;
            } else if (version.deleteMarker()) {
                findings.add(
                        Layer.VERSIONS,
                        FindingName.DELETE_MARKER,
                        held.name(),
                        held.name() + " was deleted at " + version.modified() + " (marker " + version.id() + ")"
                                + (counts == null ? ", and nothing of it is left" : "; the object is still there"));
            } else if (counts != null && held.contents().contains(version)) {
                judgeOther(held, counts, version, passed, findings);
            }
        }
    }

    private void judgeOther(StoreListing.Held held, Version counts, Version other, boolean later, Findings findings)
            throws IOException {
        if (content(held, other).equals(content(held, counts))) {
            repeated++;
            return;
        }
        findings.add(
                Layer.VERSIONS,
                later ? FindingName.LATER_VERSION : FindingName.LEFT_OVER,
                held.name(),
                held.name()
                        + (later
                                ? " was overwritten at " + other.modified() + " with other bytes"
                                : " has an older version, of " + other.modified() + ", that is nothing of this log's")
                        + " (version " + other.id() + ", " + other.length() + " bytes); version " + counts.id()
                        + " counts");
    }

    private Bytes content(StoreListing.Held held, Version version) throws IOException {
        Optional<Path> kept = work.content(held.name(), version.id());
        if (kept.isPresent()) {
            return Bytes.wrap(Files.readAllBytes(kept.get()));
        }
        return store.content(held.name(), version.id()).orElse(Bytes.EMPTY);
    }

    long versions() {
        return versions;
    }

    /** Of the locks, null if the log could not be read so far. */
    LockReview.@Nullable Summary summary() {
        return summary;
    }
}
