package dev.terraseal.core.merkle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The definitions of RFC 6962 section 2.1 written down as they stand there, sharing nothing with the code they check. */
public final class NaiveTree {
    private final List<byte[]> entries = new ArrayList<>();
    private final Map<Long, Digest> known = new HashMap<>();

    public static NaiveTree random(Random random, int size) {
        NaiveTree tree = new NaiveTree();
        for (int i = 0; i < size; i++) {
            byte[] entry = new byte[random.nextInt(40)];
            random.nextBytes(entry);
            tree.entries.add(entry);
        }
        return tree;
    }

    public int size() {
        return entries.size();
    }

    public Bytes entry(int index) {
        return Bytes.copyOf(entries.get(index));
    }

    public Digest leafHash(int index) {
        return root(index, index + 1);
    }

    public List<Digest> leafHashes() {
        return leafHashes(0, size());
    }

    public List<Digest> leafHashes(int from, int to) {
        List<Digest> hashes = new ArrayList<>();
        for (int i = from; i < to; i++) {
            hashes.add(leafHash(i));
        }
        return hashes;
    }

    /** MTH(D[from:to]), kept once it is known: the tests ask for every subtree many times. */
    public Digest root(int from, int to) {
        Digest root = known.get((long) from << 32 | to);
        if (root == null) {
            root = mth(from, to);
            known.put((long) from << 32 | to, root);
        }
        return root;
    }

    private Digest mth(int from, int to) {
        if (from == to) {
            return hash(-1);
        }
        if (to - from == 1) {
            return hash(0, entries.get(from));
        }
        int k = split(to - from);
        return hash(1, root(from, from + k).toByteArray(), root(from + k, to).toByteArray());
    }

    /** PATH(m, D[0:n]). */
    public List<Digest> path(int m, int n) {
        return path(m, 0, n);
    }

    private List<Digest> path(int m, int from, int to) {
        if (to - from == 1) {
            return new ArrayList<>();
        }
        int k = split(to - from);
        List<Digest> path = m < k ? path(m, from, from + k) : path(m - k, from + k, to);
        path.add(m < k ? root(from + k, to) : root(from, from + k));
        return path;
    }

    /** PROOF(m, D[0:n]). */
    public List<Digest> proof(int m, int n) {
        return subproof(m, 0, n, true);
    }

    private List<Digest> subproof(int m, int from, int to, boolean known) {
        int n = to - from;
        if (m == n) {
            List<Digest> proof = new ArrayList<>();
            if (!known) {
                proof.add(root(from, to));
            }
            return proof;
        }
        int k = split(n);
        if (m <= k) {
            List<Digest> proof = subproof(m, from, from + k, known);
            proof.add(root(from + k, to));
            return proof;
        }
        List<Digest> proof = subproof(m - k, from + k, to, false);
        proof.add(root(from, from + k));
        return proof;
    }

    /** The roots of the largest subtrees of the tree of n that lie wholly left (or right) of the range. */
    public List<Digest> outside(int first, int end, int n, boolean left) {
        List<Digest> out = new ArrayList<>();
        outside(first, end, 0, n, left, out);
        return out;
    }

    private void outside(int first, int end, int from, int to, boolean left, List<Digest> out) {
        if (to <= first || from >= end) {
            if (left == (to <= first) && from < to) {
                out.add(root(from, to));
            }
            return;
        }
        if (to - from > 1) {
            int k = split(to - from);
            outside(first, end, from, from + k, left, out);
            outside(first, end, from + k, to, left, out);
        }
    }

    private static int split(int n) {
        int k = 1;
        while (2 * k < n) {
            k *= 2;
        }
        return k;
    }

    private static Digest hash(int prefix, byte[]... parts) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            if (prefix >= 0) {
                sha256.update((byte) prefix);
            }
            for (byte[] part : parts) {
                sha256.update(part);
            }
            return Digest.copyOf(sha256.digest());
        } catch (java.security.NoSuchAlgorithmException none) {
            throw new AssertionError(none);
        }
    }
}
