package dev.terraseal.fuzz;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.PlainZip;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Catalogue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Files of a bundle, each with any bytes and sealed again by the real export key: any change of a sealed bundle ends at
 * the list of hashes, and what reads the file is never reached. An input is a line {@code BASE/FILE} and the content.
 */
final class InnerFiles {
    private static final long SEED = 20261122;
    /** Of one log, with key events and batches; they have every kind of file but shards and time stamps. */
    private static final List<String> BASES = List.of("derived files", "filter", "stream");

    /**
     * What no byte of can be another and the bundle hold, for whoever has the export key. Proofs of older checkpoints are
     * not among it: those here are of sizes that are powers of two, whose root nothing in a selection gives.
     */
    private static final Pattern EVIDENCE =
            Pattern.compile("(key-events/)?(artifacts/.*|proofs/[a-z]+\\.jsonl?)|keys/.*|log\\.json|population\\.csv");

    private static final TreeMap<String, Base> OF = new TreeMap<>();

    static {
        for (Base base :
                Catalogue.of(SEED, 1).only(BASES.toArray(new String[0])).bases()) {
            OF.put(base.name(), base);
        }
    }

    private InnerFiles() {}

    /** Each kind of file as it is: of files that are many of one kind the first and the last. */
    static List<byte[]> right() {
        List<byte[]> right = new ArrayList<>();
        OF.forEach((name, base) -> {
            List<String> files = inner(base.bundle());
            for (int i = 0; i < files.size(); i++) {
                boolean amid = i > 0
                        && i < files.size() - 1
                        && kind(files.get(i)).equals(kind(files.get(i - 1)))
                        && kind(files.get(i)).equals(kind(files.get(i + 1)));
                if (!amid) {
                    Bytes content = base.bundle().get(files.get(i));
                    right.add(Bytes.concat(Bytes.utf8(name + "/" + files.get(i) + "\n"), content)
                            .toByteArray());
                }
            }
        });
        return right;
    }

    /** All but the seal, which is made anew. */
    private static List<String> inner(BundleBytes bundle) {
        return bundle.names().stream()
                .filter(file -> !file.startsWith("SHA256SUMS"))
                .toList();
    }

    /** A name without its number or key. */
    private static String kind(String file) {
        return file.replaceAll("[0-9a-f]{20,}", "");
    }

    static void verify(Bytes input) {
        byte[] bytes = input.toByteArray();
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        String line = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        int slash = line.indexOf('/');
        Base base = slash < 0 ? null : OF.get(line.substring(0, slash));
        String file = line.substring(slash + 1);
        if (base == null || end == bytes.length || !inner(base.bundle()).contains(file)) {
            throw new IllegalArgumentException("no file of a bundle: " + line);
        }
        Bytes content = input.slice(end + 1, input.length());
        BundleBytes packed =
                base.bundle().with(file, content).sealedBy(base.fixture().exportKey());
        WholeFiles.verify(PlainZip.of(packed).bytes(), base.asked().genesis());
        if (EVIDENCE.matcher(file).matches() && !content.equals(base.bundle().get(file))) {
            throw new AssertionError("another " + line + " is taken too");
        }
    }
}
