package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.tiles.EntryBundle;
import dev.terraseal.core.tiles.GrowingTiles;
import dev.terraseal.core.tiles.TileFile;
import dev.terraseal.core.tiles.TilePath;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every tile is what the entries give. Partial tiles of older sizes may still lie there; they must be beginnings. */
final class TileCheck {
    private static final int TILE_MAX = 256 * (2 + 32);

    private final ArchiveFiles archive;
    private final Findings findings;
    private final GrowingTiles tiles = new GrowingTiles();
    private long compared;

    TileCheck(ArchiveFiles archive, Findings findings) {
        this.archive = archive;
        this.findings = findings;
    }

    void append(Digest entryHash) throws IOException {
        tiles.append(entryHash);
        for (TileFile full : tiles.takeFull()) {
            compare(full);
            comparePartials(full);
        }
        if (tiles.size() == archive.newestCheckpoint()) {
            for (TileFile partial : tiles.partials()) {
                if (!archive.files().has(partial.path().full().path())) {
                    compare(partial);
                }
            }
        }
    }

    /** What a bundle of entry hashes says of an entry, if there is one; nothing shows yet that it is right. */
    Optional<Digest> entryHash(long index) throws IOException {
        TilePath full = TilePath.entries(index / TilePath.FULL, TilePath.FULL);
        List<String> names = new ArrayList<>(archive.under(full.path() + ".p/"));
        names.add(full.path());
        for (String name : names) {
            Optional<TilePath> path = archive.files().has(name) ? TilePath.parse(name) : Optional.empty();
            if (path.isEmpty() || path.get().width() <= index % TilePath.FULL) {
                continue;
            }
            for (int i = 0; i < archive.files().versions(name); i++) {
                Optional<Digest> hash =
                        entryHash(path.get(), archive.files().version(name, i), (int) (index % TilePath.FULL));
                if (hash.isPresent()) {
                    return hash;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Digest> entryHash(TilePath path, Bytes content, int at) {
        try {
            return Optional.of(
                    Digest.fromBytes(EntryBundle.parse(path, content).entries().get(at)));
        } catch (ProofException | IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    /** After the last entry: partial tiles that belong to the newest ones, and tiles of entries that are not there. */
    void finish() throws IOException {
        for (TileFile partial : tiles.partials()) {
            comparePartials(partial);
        }
        for (String name : archive.under(ArchiveFiles.TILES)) {
            Optional<TilePath> path = TilePath.parse(name);
            if (path.isEmpty()) {
                spare(name, "is not named as a tile is");
            } else if (isBeyond(path.get())) {
                spare(name, "holds hashes of entries that are not here");
            }
        }
    }

    private boolean isBeyond(TilePath path) {
        long hashes = TilePath.hashesAt(Math.max(0, path.level()), tiles.size());
        return path.index() * TilePath.FULL + path.width() > hashes;
    }

    private void compare(TileFile tile) throws IOException {
        String name = tile.path().path();
        if (archive.files().has(name)) {
            compared++;
            if (!archive.read(name, TILE_MAX, tile.content()::equals).equals(tile.content())) {
                fail(name, "is not what the entries give");
            }
        } else if (covered(tile.path())) {
            findings.add(
                    Layer.INCLUSION,
                    FindingName.MISSING_FILE,
                    name,
                    "Missing file: " + name + ", which the newest checkpoint needs");
        }
    }

    /** Whether the newest checkpoint could not have been written before this tile. */
    private boolean covered(TilePath path) {
        long hashes = TilePath.hashesAt(Math.max(0, path.level()), Math.max(0, archive.newestCheckpoint()));
        return path.index() * TilePath.FULL + path.width() <= hashes;
    }

    private void comparePartials(TileFile tile) throws IOException {
        for (String name : archive.under(tile.path().full().path() + ".p/")) {
            Optional<TilePath> path = TilePath.parse(name);
            if (path.isPresent() && path.get().width() <= tile.path().width()) {
                compared++;
                Bytes content = archive.files().read(name, TILE_MAX);
                int length = path.get().width() * (path.get().isEntries() ? 2 + Digest.LENGTH : Digest.LENGTH);
                if (!content.equals(tile.content().slice(0, length))) {
                    fail(name, "is not what the entries give");
                }
            }
        }
    }

    long compared() {
        return compared;
    }

    private void spare(String name, String message) {
        archive.spare(findings, Layer.INCLUSION, FindingName.BAD_TILE, name, name + " " + message);
    }

    private void fail(String name, String message) {
        findings.add(Layer.INCLUSION, FindingName.BAD_TILE, name, name + " " + message);
    }
}
