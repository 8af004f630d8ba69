package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.merkle.CompactRange;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.verdict.Findings;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One reading of entries in ascending order. Every check sees every entry once; what is kept grows with the number of
 * streams and never with that of entries.
 */
public final class LogReading {
    /** Who wants to see each statement that could be read. */
    public interface Reader {
        void read(Entry entry, Statement statement) throws IOException;
    }

    private final ChainCheck chain;
    private final SignatureCheck signatures;
    private final HeadsCheck heads;
    private final StateContinuity continuity;
    private final Counts counts = new Counts();
    private final CompactRange tree;
    private final Set<Long> wantedSizes;
    private final boolean rootsKnown;
    private final Map<Long, Digest> roots = new HashMap<>();
    private final Map<Long, String> seen = new TreeMap<>();
    private long seenUnproven;
    private long count;
    private long reserved;
    private @Nullable Timestamp newestReceived;

    /**
     * @param tree the tree below the first entry
     * @param wantedSizes at which sizes somebody will ask for the root
     * @param rootsKnown whether {@code tree} becomes the log's own; that of a selection never does
     */
    public LogReading(
            Findings findings,
            ChainCheck chain,
            SignatureCheck signatures,
            CompactRange tree,
            Set<Long> wantedSizes,
            boolean rootsKnown) {
        this.rootsKnown = rootsKnown;
        this.chain = chain;
        this.signatures = signatures;
        this.heads = new HeadsCheck(findings);
        this.continuity = new StateContinuity(findings);
        this.tree = tree;
        this.wantedSizes = Set.copyOf(wantedSizes);
        keepRoot();
    }

    public void take(Entry entry, Reader reader) throws IOException {
        count++;
        Statement statement = chain.check(entry);
        if (statement != null) {
            heads.check(entry, statement, chain.streams(), chain.knowsAllStreams());
            signatures.check(entry, statement);
            continuity.add(entry, statement);
            counts.add(statement);
            reserved += statement.stream().isReserved() ? 1 : 0;
            if (newestReceived == null || statement.receivedAt().compareTo(newestReceived) > 0) {
                newestReceived = statement.receivedAt();
            }
            see(statement);
            reader.read(entry, statement);
        }
        chain.advance(entry, statement);
        tree.append(entry.leafHash());
        keepRoot();
    }

    /** An entry that is missing and whose hash is known from elsewhere: the tree goes on, and nothing is said of it. */
    public void skip(Digest entryHash) {
        tree.append(Merkle.leafHash(entryHash));
        keepRoot();
    }

    private void keepRoot() {
        if (rootsKnown && wantedSizes.contains(tree.size())) {
            roots.put(tree.size(), tree.root());
        }
    }

    private void see(Statement statement) {
        var checkpoint = statement.seenCheckpoint();
        if (checkpoint == null
                || !(checkpoint.get("size") instanceof dev.terraseal.core.canonical.Json.Num size)
                || !(checkpoint.get("root") instanceof dev.terraseal.core.canonical.Json.Str root)) {
            return;
        }
        if (wantedSizes.contains(size.value())) {
            seen.putIfAbsent(size.value(), root.value());
        } else {
            seenUnproven++;
        }
    }

    /** Waits for what is still being checked. */
    public void finish() throws IOException {
        signatures.finish();
    }

    /** The tree through the last entry taken. */
    public CompactRange tree() {
        return tree;
    }

    /** The root at a size that was wanted and passed, or null. */
    public @Nullable Digest rootAt(long size) {
        return roots.get(size);
    }

    /** Size to root (base64) of checkpoints that producers say they saw, as far as somebody can prove them. */
    public Map<Long, String> seenCheckpoints() {
        return seen;
    }

    public long seenUnproven() {
        return seenUnproven;
    }

    public HeadsCheck heads() {
        return heads;
    }

    public SignatureCheck signatures() {
        return signatures;
    }

    public StateContinuity continuity() {
        return continuity;
    }

    public Counts counts() {
        return counts;
    }

    public long count() {
        return count;
    }

    /** Entries of streams that are not the log's own. */
    public long ordinary() {
        return count - reserved;
    }

    /** How many streams that are not the log's own have entries here. */
    public long ordinaryStreams() {
        long ordinary = 0;
        for (StreamId stream : chain.streams().keySet()) {
            ordinary += stream.isReserved() ? 0 : 1;
        }
        return ordinary;
    }

    /** The latest time at which an entry here was received, by the broker's clock: the log's own word, and it may step back. */
    public @Nullable Timestamp newestReceived() {
        return newestReceived;
    }
}
