package dev.terraseal.core.tiles;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a tile or an entry bundle below the prefix of a log: {@code tile/<L>/<N>[.p/<W>]} with L 0 to 63 or
 * {@code entries}, N in groups of three digits. {@code level} is {@value #ENTRIES} for an entry bundle, {@code width} is
 * 256 for a full one.
 */
public record TilePath(int level, long index, int width) {
    /** Hashes in a full tile, entries in a full bundle. */
    public static final int FULL = 256;

    /** Levels of the tree from one level of tiles to the next: 256 is two to this. */
    public static final int HEIGHT = 8;

    /** The level of entry bundles. */
    public static final int ENTRIES = -1;

    private static final int MAX_LEVEL = 63;
    private static final Pattern FORM =
            Pattern.compile("tile/(entries|\\d{1,2})/((?:x\\d{3}/){0,6}\\d{3})(?:\\.p/(\\d{1,3}))?");

    public TilePath {
        if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
            throw new IllegalArgumentException(
                    "no tile has level " + level + ", index " + index + " and width " + width);
        }
    }

    public static TilePath tile(int level, long index, int width) {
        if (level < 0) {
            throw new IllegalArgumentException("a tile has a level from 0 on, not " + level);
        }
        return new TilePath(level, index, width);
    }

    public static TilePath entries(long index, int width) {
        return new TilePath(ENTRIES, index, width);
    }

    /** How many hashes (or entries) tile {@code index} of {@code level} holds in a log of {@code size}: 0 to 256. */
    public static int widthAt(int level, long index, long size) {
        long hashes = hashesAt(level, size);
        return (int) Math.max(0, Math.min(FULL, hashes - index * FULL));
    }

    /** How many hashes a level of tiles has in a log of {@code size}: one for every complete subtree of 256^level leaves. */
    public static long hashesAt(int level, long size) {
        int shift = HEIGHT * Math.max(level, 0);
        return shift > MAX_LEVEL ? 0 : size >>> shift;
    }

    /** The partial tiles and the partial entry bundle of a log of {@code size}, entries first, then from level 0 up. */
    public static List<TilePath> partials(long size) {
        List<TilePath> partials = new ArrayList<>();
        for (int level = ENTRIES; hashesAt(level, size) > 0; level++) {
            long hashes = hashesAt(level, size);
            int width = (int) (hashes % FULL);
            if (width > 0) {
                partials.add(new TilePath(level, hashes / FULL, width));
            }
        }
        return partials;
    }

    public boolean isEntries() {
        return level == ENTRIES;
    }

    public boolean isFull() {
        return width == FULL;
    }

    /** The full tile of the same place, which replaces every partial one. */
    public TilePath full() {
        return new TilePath(level, index, FULL);
    }

    /** The path, segments separated by {@code /}. */
    public String path() {
        StringBuilder number = new StringBuilder(group(index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            number.insert(0, "x" + group(rest % 1000) + "/");
        }
        String place = "tile/" + (isEntries() ? "entries" : String.valueOf(level)) + "/" + number;
        return isFull() ? place : place + ".p/" + width;
    }

    private static String group(long number) {
        String digits = Long.toString(number);
        return "0".repeat(3 - digits.length()) + digits;
    }

    /** The tile a path names, or empty if it is not the one path of any tile. */
    public static Optional<TilePath> parse(String path) {
        Matcher matcher = FORM.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            int level = matcher.group(1).equals("entries") ? ENTRIES : Integer.parseInt(matcher.group(1));
            long index = Long.parseLong(matcher.group(2).replace("x", "").replace("/", ""));
            int width = matcher.group(3) == null ? FULL : Integer.parseInt(matcher.group(3));
            TilePath tile = new TilePath(level, index, width);
            return tile.path().equals(path) ? Optional.of(tile) : Optional.empty();
        } catch (IllegalArgumentException outOfRange) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return path();
    }
}
