package dev.terraseal.testkit.archive;

import dev.terraseal.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tiles and entry bundles (C2SP tlog-tiles) made again from the entries, the slow way. */
final class TileChecks {
    private static final int WIDTH = 256;
    private static final Pattern NAME = Pattern.compile("tile/(entries|\\d+)/((?:x\\d{3}/)*\\d{3})(?:\\.p/(\\d+))?");

    private final ArchiveView archive;
    private final List<Bytes> hashes;

    TileChecks(ArchiveView archive, List<Bytes> hashes) {
        this.archive = archive;
        this.hashes = hashes;
    }

    /** @param checkpoint the size whose readers must find every tile of theirs, −1 for none */
    List<String> violations(long checkpoint) {
        List<String> violations = new ArrayList<>();
        for (String name : archive.names("tile/")) {
            Matcher matcher = NAME.matcher(name);
            if (!matcher.matches()) {
                violations.add(name + " is no tile");
                continue;
            }
            long index = Long.parseLong(matcher.group(2).replace("x", "").replace("/", ""));
            int width = matcher.group(3) == null ? WIDTH : Integer.parseInt(matcher.group(3));
            Bytes expected = matcher.group(1).equals("entries")
                    ? entries(index, width)
                    : tile(Integer.parseInt(matcher.group(1)), index, width);
            if (!expected.equals(archive.get(name))) {
                violations.add(name + " is not made of the entries");
            }
        }
        requireTilesOf(checkpoint, violations);
        return violations;
    }

    private void requireTilesOf(long size, List<String> violations) {
        for (int level = 0; size >>> (8 * level) > 0; level++) {
            long there = size >>> (8 * level);
            for (long index = 0; index * WIDTH < there; index++) {
                int width = (int) Math.min(WIDTH, there - index * WIDTH);
                requireTile("tile/" + level + "/", index, width, violations);
                if (level == 0) {
                    requireTile("tile/entries/", index, width, violations);
                }
            }
        }
    }

    private void requireTile(String directory, long index, int width, List<String> violations) {
        StringBuilder path = new StringBuilder("%03d".formatted(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, "x%03d/".formatted(rest % 1000));
        }
        String full = directory + path;
        boolean there = archive.find(full) != null || width < WIDTH && archive.find(full + ".p/" + width) != null;
        if (!there) {
            violations.add(full + " of width " + width + " is missing under a checkpoint");
        }
    }

    private Bytes entries(long index, int width) {
        List<Bytes> parts = new ArrayList<>();
        for (Bytes hash : slice(index * WIDTH, width)) {
            parts.add(Bytes.fromHex("0020"));
            parts.add(hash);
        }
        return Bytes.concat(parts.toArray(new Bytes[0]));
    }

    private Bytes tile(int level, long index, int width) {
        int span = 1 << (8 * level);
        List<Bytes> parts = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            parts.add(NaiveRoot.of(slice((index * WIDTH + i) * span, span)).bytes());
        }
        return Bytes.concat(parts.toArray(new Bytes[0]));
    }

    private List<Bytes> slice(long from, long count) {
        long to = Math.min(hashes.size(), from + count);
        return from >= to ? List.of() : hashes.subList((int) from, (int) to);
    }
}
