package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import java.util.ArrayList;
import java.util.List;

/**
 * The proof that leaves {@code first} to {@code end - 1} are whole: {@code left} holds the maximal complete subtrees over
 * what is before them, {@code right} the RFC 6962 subtrees over what is after, both from left to right (the file
 * {@code proofs/range.json} of a bundle). How many hashes there are and what each covers follows from first, end and
 * size alone; there is nothing to choose, hence nothing to forge.
 */
public record RangeProof(long first, long end, List<Digest> left, List<Digest> right) {
    public RangeProof {
        if (first < 0 || first >= end) {
            throw new IllegalArgumentException("a range proof has 0 <= first < end, not " + first + " and " + end);
        }
        left = List.copyOf(left);
        right = List.copyOf(right);
    }

    /** Where the largest subtree ends that begins at {@code at}, {@code 0 < at < size}, without reaching further left. */
    static long subtreeEnd(long at, long size) {
        long width = Long.lowestOneBit(at);
        return size - at < width ? size : at + width;
    }

    /** The number of hashes {@code right} has. */
    static int rightCount(long end, long size) {
        int count = 0;
        for (long at = end; at < size; at = subtreeEnd(at, size)) {
            count++;
        }
        return count;
    }

    /**
     * The tree as far as {@code first}: append the leaf hash of every entry in order, then give it to {@link #rootOf}.
     *
     * @throws ProofException if {@code left} has another number of hashes than {@code first} needs
     */
    public CompactRange begin() throws ProofException {
        if (left.size() != Long.bitCount(first)) {
            throw new ProofException("a range from " + first + " has " + Long.bitCount(first)
                    + " hashes to its left, not " + left.size());
        }
        return CompactRange.of(first, left);
    }

    /**
     * The root that the proof and the entries lead to. It proves nothing until it is compared with a signed one.
     *
     * @param throughEnd from {@link #begin}, with the leaves of exactly first to end - 1 appended; left unchanged
     */
    public Digest rootOf(CompactRange throughEnd, long size) throws ProofException {
        if (throughEnd.size() != end) {
            throw new ProofException("the range ends at " + end + ", but what was given ends at " + throughEnd.size());
        }
        if (end > size) {
            throw new ProofException("the range ends at " + end + ", outside a tree of " + size + " leaves");
        }
        int wanted = rightCount(end, size);
        if (right.size() != wanted) {
            throw new ProofException("a range to " + end + " of " + size + " leaves has " + wanted
                    + " hashes to its right, not " + right.size());
        }
        CompactRange range = throughEnd.copy();
        long at = end;
        for (Digest hash : right) {
            long to = subtreeEnd(at, size);
            if (to - at < Long.lowestOneBit(at)) {
                return range.rootWith(hash);
            }
            range.appendSubtree(Long.numberOfTrailingZeros(at), hash);
            at = to;
        }
        return range.root();
    }

    /** @throws ProofException unless the leaves are exactly those at first to end - 1 of the tree of size under root */
    public void verify(List<Digest> leafHashes, long size, Digest root) throws ProofException {
        CompactRange range = begin();
        for (Digest leafHash : leafHashes) {
            range.append(leafHash);
        }
        verify(range, size, root);
    }

    /** As {@link #verify(List, long, Digest)} for a range too large to hold: see {@link #begin}. */
    public void verify(CompactRange throughEnd, long size, Digest root) throws ProofException {
        Digest computed = rootOf(throughEnd, size);
        if (!computed.equals(root)) {
            throw ProofException.mismatch(
                    "the entries " + first + " to " + end + " are not those of the tree of " + size, root, computed);
        }
    }

    /** The JCS bytes {@code {"end", "first", "left", "right"}}, hashes in base64. */
    public Bytes bytes() {
        return Json.obj()
                .put("end", end)
                .put("first", first)
                .put("left", texts(left))
                .put("right", texts(right))
                .build()
                .bytes();
    }

    /** @throws JsonException if {@code bytes} are not the canonical form {@link #bytes} writes */
    public static RangeProof parse(Bytes bytes) {
        Json.Obj object = CanonicalJson.parseObject(bytes).requireMembers("end", "first", "left", "right");
        try {
            return new RangeProof(
                    object.number("first"), object.number("end"), hashes(object, "left"), hashes(object, "right"));
        } catch (IllegalArgumentException refused) {
            throw refused instanceof JsonException json
                    ? json
                    : new JsonException(String.valueOf(refused.getMessage()));
        }
    }

    private static Json.Arr texts(List<Digest> hashes) {
        return Json.texts(hashes.stream().map(Digest::base64).toList());
    }

    private static List<Digest> hashes(Json.Obj object, String name) {
        List<String> texts = object.array(name).strings();
        if (texts.size() > Merkle.MAX_LEVELS) {
            throw new JsonException(
                    "'" + name + "' has " + texts.size() + " hashes; no tree needs more than " + Merkle.MAX_LEVELS);
        }
        List<Digest> hashes = new ArrayList<>();
        for (String text : texts) {
            hashes.add(Digest.fromBase64(text));
        }
        return hashes;
    }
}
