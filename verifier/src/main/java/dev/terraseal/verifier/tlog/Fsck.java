package dev.terraseal.verifier.tlog;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.tiles.EntryBundle;
import dev.terraseal.core.tiles.TilePath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Derives a tiled log again from its entries. Hashes by the definition of RFC 6962 and not by the code that grows tiles,
 * so that one mistake cannot be in both. Memory is one tile a level, whatever the size.
 */
final class Fsck {
    private static final int TILE_BYTES = TilePath.FULL * Digest.LENGTH;
    private static final int BUNDLE_BYTES = TilePath.FULL * (2 + EntryBundle.MAX_ENTRY_BYTES);

    private final Path directory;
    private final TreeHead head;
    private final Verdict verdict;
    private final List<List<Digest>> levels = new ArrayList<>();
    private final List<Long> tilesDone = new ArrayList<>();
    private long checkedFiles;
    private long entries;

    Fsck(Path directory, TreeHead head, Verdict verdict) {
        this.directory = directory;
        this.head = head;
        this.verdict = verdict;
    }

    void run() throws IOException {
        boolean whole = true;
        for (long index = 0; whole && TilePath.widthAt(TilePath.ENTRIES, index, head.size()) > 0; index++) {
            whole = bundle(index, TilePath.widthAt(TilePath.ENTRIES, index, head.size()));
        }
        if (whole) {
            for (int level = 0; level < levels.size(); level++) {
                if (!levels.get(level).isEmpty()) {
                    compare(level);
                }
            }
            Digest root = root();
            if (!root.equals(head.root())) {
                verdict.failed("the entries have root " + root.base64() + ", but the checkpoint of " + head.size()
                        + " says " + head.root().base64());
            }
        } else {
            verdict.failed("without entry " + entries + " nothing after it can be derived; the root was not compared");
        }
        verdict.fact("entries", "entries", entries).fact("files", "files", checkedFiles);
        long others = files() - checkedFiles;
        verdict.data("otherFiles", new Json.Num(others));
        if (others > 0) {
            verdict.line("", others + " more file(s) under tile/ are not of a tree of this size and were not read");
        }
        verdict.proven("every entry, every tile and the root of this size follow from each other")
                .notProven("that what the entries say is true");
    }

    /** Reads a bundle, folds its entries, and says whether the next one can follow. */
    private boolean bundle(long index, int width) throws IOException {
        TilePath path = TilePath.entries(index, width);
        List<Bytes> whole = null;
        for (TilePath there : present(path)) {
            List<Bytes> read = entries(there);
            if (read == null) {
                continue;
            }
            if (whole == null) {
                whole = read;
            } else if (!read.subList(0, width).equals(whole)) {
                verdict.failed(there + " has other entries than " + path);
            }
        }
        if (whole == null) {
            verdict.failed(path + " is missing or malformed");
            return false;
        }
        for (Bytes entry : whole.subList(0, width)) {
            entries++;
            push(0, Merkle.leafHash(entry));
        }
        checkOlderBundles(path, whole);
        return true;
    }

    /** The file of this name, and the full one that may have replaced a partial one. */
    private List<TilePath> present(TilePath path) {
        List<TilePath> present = new ArrayList<>();
        for (TilePath each : path.isFull() ? List.of(path) : List.of(path, path.full())) {
            if (Files.isRegularFile(file(each))) {
                present.add(each);
            }
        }
        return present;
    }

    private @Nullable List<Bytes> entries(TilePath path) throws IOException {
        Bytes content = read(path, BUNDLE_BYTES);
        if (content == null) {
            return null;
        }
        try {
            return EntryBundle.parse(path, content).entries();
        } catch (ProofException raw) {
            Bytes inflated = Gzip.inflate(content, BUNDLE_BYTES);
            try {
                if (inflated != null) {
                    return EntryBundle.parse(path, inflated).entries();
                }
            } catch (ProofException compressed) {
                verdict.failed(compressed.getMessage() + " (after gzip)");
                return null;
            }
            verdict.failed(String.valueOf(raw.getMessage()));
            return null;
        }
    }

    private void checkOlderBundles(TilePath path, List<Bytes> whole) throws IOException {
        for (TilePath older : partials(path)) {
            if (older.width() < whole.size() && older.width() != path.width()) {
                List<Bytes> read = entries(older);
                if (read != null && !read.equals(whole.subList(0, older.width()))) {
                    verdict.failed(older + " has other entries than " + path);
                }
            }
        }
    }

    private void push(int level, Digest hash) throws IOException {
        if (levels.size() == level) {
            levels.add(new ArrayList<>());
            tilesDone.add(0L);
        }
        List<Digest> hashes = levels.get(level);
        hashes.add(hash);
        if (hashes.size() == TilePath.FULL) {
            compare(level);
            Digest above = tree(hashes);
            hashes.clear();
            tilesDone.set(level, tilesDone.get(level) + 1);
            push(level + 1, above);
        }
    }

    /** Compares the tile derived last at this level with its file, and with older partial files of the same place. */
    private void compare(int level) throws IOException {
        List<Digest> hashes = levels.get(level);
        TilePath path = TilePath.tile(level, tilesDone.get(level), hashes.size());
        List<TilePath> present = present(path);
        if (present.isEmpty()) {
            verdict.failed(path + " is missing");
        }
        for (TilePath there : present) {
            compare(there, hashes);
        }
        for (TilePath older : partials(path)) {
            if (older.width() < hashes.size()) {
                compare(older, hashes);
            }
        }
    }

    private void compare(TilePath path, List<Digest> hashes) throws IOException {
        Bytes content = read(path, TILE_BYTES);
        if (content == null) {
            return;
        }
        if (content.length() != path.width() * Digest.LENGTH) {
            verdict.failed(path + " has " + content.length() + " bytes, not the " + path.width() * Digest.LENGTH
                    + " of " + path.width() + " hashes");
            return;
        }
        for (int i = 0; i < Math.min(hashes.size(), path.width()); i++) {
            Bytes hash = content.slice(i * Digest.LENGTH, (i + 1) * Digest.LENGTH);
            if (!hash.equals(hashes.get(i).bytes())) {
                verdict.failed(path + " holds another hash at place " + i + " than the entries give: " + hash.hex()
                        + ", not " + hashes.get(i).hex());
                return;
            }
        }
    }

    private List<TilePath> partials(TilePath path) throws IOException {
        Path siblings = directory.resolve(path.full().path() + ".p");
        List<TilePath> partials = new ArrayList<>();
        if (Files.isDirectory(siblings)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(siblings)) {
                for (Path file : files) {
                    if (!Files.isRegularFile(file)) {
                        continue;
                    }
                    TilePath.parse(path.full().path() + ".p/" + file.getFileName())
                            .ifPresent(partials::add);
                }
            }
        }
        return partials;
    }

    private @Nullable Bytes read(TilePath path, int limit) throws IOException {
        Path file = file(path);
        long length = Files.size(file);
        checkedFiles++;
        if (length > limit) {
            verdict.failed(path + " has " + length + " bytes, more than any such file");
            return null;
        }
        return Bytes.wrap(Files.readAllBytes(file));
    }

    private Path file(TilePath path) {
        return directory.resolve(path.path());
    }

    private long files() throws IOException {
        Path tiles = directory.resolve("tile");
        if (!Files.isDirectory(tiles)) {
            return 0;
        }
        try (Stream<Path> walk = Files.walk(tiles)) {
            return walk.filter(Files::isRegularFile).count();
        }
    }

    /** The root over what is left at each level: a lower level is to the right of a higher one. */
    private Digest root() {
        if (head.size() == 0) {
            return Merkle.EMPTY_ROOT;
        }
        Digest right = null;
        for (List<Digest> hashes : levels) {
            List<Digest> row = new ArrayList<>(hashes);
            if (right != null) {
                row.add(right);
            }
            right = row.isEmpty() ? right : tree(row);
        }
        return right == null ? Merkle.EMPTY_ROOT : right;
    }

    /** MTH of RFC 6962 section 2.1 over subtrees of equal size, the last of which may be smaller. */
    private static Digest tree(List<Digest> row) {
        if (row.size() == 1) {
            return row.get(0);
        }
        int k = 1;
        while (2 * k < row.size()) {
            k *= 2;
        }
        Bytes left = tree(row.subList(0, k)).bytes();
        Bytes right = tree(row.subList(k, row.size())).bytes();
        return Digest.of(Bytes.wrap(new byte[] {0x01}), left, right);
    }
}
