package dev.terraseal.simulation.invariants;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.simulation.Evidence;
import dev.terraseal.simulation.Invariant;
import dev.terraseal.simulation.NaiveJson;
import dev.terraseal.simulation.NaiveStatement;
import dev.terraseal.simulation.store.Objects;
import dev.terraseal.testkit.archive.NaiveRoot;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * 6: the log key signs no size before the archive holds all entries below it, whole; and with a checkpoint everything is
 * there that its readers need: the files of heads, the batches that entries name, and the tiles of its size.
 */
final class NotAhead implements Invariant {
    private static final int WIDTH = 256;
    private static final Bytes ZERO = Bytes.fromHex("00");

    private final List<byte[]> leaves = new ArrayList<>();
    private final List<Bytes> subtrees = new ArrayList<>();
    private final Map<Long, String> heads = new LinkedHashMap<>();
    private long fullSeen;
    private int noted;
    private int written;

    @Override
    public String name() {
        return "6 no checkpoint ahead of data";
    }

    @Override
    public void check(Evidence evidence) {
        for (; noted < evidence.noted().size(); noted++) {
            long size = size(evidence.noted().get(noted));
            int held = evidence.archivedWhenNoted().get(noted);
            require(
                    size <= held,
                    () -> "the log key signed size " + size + " when the archive held " + held + " entries");
        }
        List<Objects.Written> journal = evidence.objects().journal();
        for (; written < journal.size(); written++) {
            Objects.Written each = journal.get(written);
            if (each.ours() && each.name().startsWith("checkpoints/")) {
                readable(size(each.content()), evidence);
            }
        }
    }

    private static long size(Bytes note) {
        return Long.parseLong(note.utf8().split("\n", 3)[1]);
    }

    private void readable(long size, Evidence evidence) {
        evidence.archive().read();
        List<Bytes> statements = evidence.archive().statements();
        require(size <= statements.size(), () -> "checkpoints/" + size + " over " + statements.size() + " entries");
        for (long i = leaves.size(); i < size; i++) {
            NaiveStatement entry = NaiveStatement.read(statements.get((int) i));
            leaves.add(Digest.of(ZERO, evidence.archive().hashes().get((int) i)).toByteArray());
            if (entry.type().endsWith("/heads/v1")) {
                heads.put(i, entry.subjectSha256());
            }
            batch(i, size, evidence);
        }
        heads.forEach((sequence, digest) -> {
            String name = "heads/%020d.json".formatted(sequence);
            require(
                    sequence >= size
                            || evidence.objects().versions(name).stream()
                                    .anyMatch(version -> version.content() != null
                                            && Digest.of(version.content())
                                                    .hex()
                                                    .equals(digest)),
                    () -> "checkpoints/" + size + " without " + name);
        });
        upperTile(size, evidence);
        // Full tiles are locked: once seen they stay. The one the size ends in is its own.
        long from = fullSeen;
        for (; from < size; from += WIDTH) {
            int width = (int) Math.min(WIDTH, size - from);
            tiles(from, width, size, evidence);
            fullSeen = width == WIDTH ? from + WIDTH : fullSeen;
        }
    }

    /** Batches are locked: looked at once, with the first checkpoint over an entry that names one. */
    private void batch(long sequence, long size, Evidence evidence) {
        Long first = evidence.archive().batches().get((int) sequence);
        if (first == null) {
            return;
        }
        String name = "batches/%020d.json".formatted(first);
        require(
                evidence.objects().versions(name).stream()
                        .anyMatch(version ->
                                version.content() != null && covers(version.content(), first, sequence, evidence)),
                () -> "checkpoints/" + size + " without " + name + ", which entry " + sequence + " names");
    }

    private static boolean covers(Bytes envelope, long first, long sequence, Evidence evidence) {
        Map<String, Object> batch;
        try {
            String payload = (String) NaiveJson.object(envelope.utf8()).get("payload");
            batch = NaiveJson.object(
                    Bytes.wrap(Base64.getDecoder().decode(payload)).utf8());
        } catch (RuntimeException planted) {
            return false;
        }
        if (!evidence.origin().equals(batch.get("log")) || !batch.get("first").equals(first)) {
            return false;
        }
        long end = first + (Long) batch.get("count");
        List<Bytes> hashes = evidence.archive().hashes();
        return sequence < end
                && (end > hashes.size()
                        || NaiveRoot.of(hashes.subList((int) first, (int) end))
                                .base64()
                                .equals(batch.get("root")));
    }

    /** The one tile above the first level: no log here has the 65,536 entries that would fill it. */
    private void upperTile(long size, Evidence evidence) {
        int width = (int) (size / WIDTH);
        if (width == 0) {
            return;
        }
        List<Bytes> hashes = evidence.archive().hashes();
        while (subtrees.size() < width) {
            int from = subtrees.size() * WIDTH;
            subtrees.add(NaiveRoot.of(hashes.subList(from, from + WIDTH)).bytes());
        }
        Bytes expected = Bytes.concat(subtrees.subList(0, width).toArray(new Bytes[0]));
        tile("tile/1/000.p/" + width, expected, size, evidence);
    }

    private void tiles(long from, int width, long size, Evidence evidence) {
        String index = "%03d".formatted(from / WIDTH);
        if (width < WIDTH && !evidence.objects().versions("tile/0/" + index).isEmpty()) {
            return; // The full one took its place since; it is looked at with the next checkpoint.
        }
        index += width == WIDTH ? "" : ".p/" + width;
        ByteBuffer hashes = ByteBuffer.allocate(32 * width);
        ByteBuffer entries = ByteBuffer.allocate(34 * width);
        for (int i = (int) from; i < from + width; i++) {
            hashes.put(leaves.get(i));
            entries.putShort((short) 32).put(evidence.archive().hashes().get(i).toByteArray());
        }
        tile("tile/0/" + index, Bytes.wrap(hashes.array()), size, evidence);
        tile("tile/entries/" + index, Bytes.wrap(entries.array()), size, evidence);
    }

    private void tile(String name, Bytes expected, long size, Evidence evidence) {
        require(
                evidence.objects().versions(name).stream().anyMatch(version -> expected.equals(version.content())),
                () -> "checkpoints/" + size + " without " + name + " as the entries give it");
    }
}
