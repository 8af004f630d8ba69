package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.tiles.Tile;
import dev.terraseal.core.tiles.TilePath;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The partial tiles of a tree, which only together lead to its root. They are not locked: anybody who may write can put
 * others on top, and what is below still counts.
 */
final class TreeEdge {
    /** Of one tile; more versions than an archive ever makes of one. */
    private static final int VERSIONS_MAX = 16;

    private final ArchiveReader archive;
    private final long size;
    private final Digest root;
    private final List<TilePath> paths;

    TreeEdge(ArchiveReader archive, long size, Digest root) {
        this.archive = archive;
        this.size = size;
        this.root = root;
        this.paths = TilePath.partials(size).stream()
                .filter(path -> !path.isEntries())
                .toList();
    }

    /** By their levels. */
    Map<Integer, Tile> find() throws StoreException, ProofException {
        List<List<Tile>> newest = new ArrayList<>();
        for (TilePath path : paths) {
            newest.add(archive.readNewest(path.path()).flatMap(content -> parse(path, content)).stream()
                    .toList());
        }
        if (newest.stream().noneMatch(List::isEmpty)) {
            Optional<Map<Integer, Tile>> found = leadingToRoot(newest, new HashMap<>());
            if (found.isPresent()) {
                return found.get();
            }
        }
        List<List<Tile>> all = new ArrayList<>();
        for (TilePath path : paths) {
            all.add(versions(path));
        }
        return leadingToRoot(all, new HashMap<>())
                .orElseThrow(
                        () -> new ProofException("the partial tiles " + paths + " do not lead to checkpoints/" + size
                                + ": they are not locked, and somebody changed them; the archiver writes others with its next"
                                + " checkpoint"));
    }

    /** Tries them one after the other; there are as many lists as levels of tiles, which are few. */
    private Optional<Map<Integer, Tile>> leadingToRoot(List<List<Tile>> candidates, Map<Integer, Tile> chosen) {
        int at = chosen.size();
        if (at == paths.size()) {
            return rootOf(chosen).equals(root) ? Optional.of(Map.copyOf(chosen)) : Optional.empty();
        }
        int level = paths.get(at).level();
        for (Tile candidate : candidates.get(at)) {
            chosen.put(level, candidate);
            Optional<Map<Integer, Tile>> found = leadingToRoot(candidates, chosen);
            if (found.isPresent()) {
                return found;
            }
            chosen.remove(level);
        }
        return Optional.empty();
    }

    private Digest rootOf(Map<Integer, Tile> tiles) {
        List<Digest> subtrees = new ArrayList<>();
        for (int i = paths.size() - 1; i >= 0; i--) {
            TilePath path = paths.get(i);
            int taken = 0;
            for (int bit = TilePath.HEIGHT - 1; bit >= 0; bit--) {
                int width = 1 << bit;
                if ((path.width() & width) != 0) {
                    subtrees.add(Objects.requireNonNull(tiles.get(path.level()), "a tile of each level")
                            .node(bit, taken >> bit));
                    taken += width;
                }
            }
        }
        return CompactRange.of(size, subtrees).root();
    }

    /** Whatever was ever there and has the form; of the full tile that replaced it the beginning. */
    private List<Tile> versions(TilePath path) throws StoreException {
        Set<Tile> found = new LinkedHashSet<>();
        for (TilePath each : List.of(path, path.full())) {
            archive.read(each.path(), content -> {
                parse(each, content)
                        .filter(any -> found.size() < VERSIONS_MAX)
                        .ifPresent(tile -> found.add(new Tile(tile.hashes().subList(0, path.width()))));
                return false;
            });
        }
        return List.copyOf(found);
    }

    private static Optional<Tile> parse(TilePath path, Bytes content) {
        try {
            return Optional.of(Tile.parse(path, content));
        } catch (ProofException another) {
            return Optional.empty();
        }
    }
}
