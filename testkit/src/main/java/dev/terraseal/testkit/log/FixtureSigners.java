package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SigningException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who signs in a log as it grows: its first keys, then those that key events bring. */
final class FixtureSigners {
    private final @Nullable Long seed;
    private final TreeMap<Long, TestKey> logKeys = new TreeMap<>();
    private List<TestKey> statements;

    FixtureSigners(FixtureKeys keys, @Nullable Long seed) {
        this.seed = seed;
        this.statements = List.of(keys.attest());
        logKeys.put(0L, keys.log());
    }

    /** A key that follows from the seed and the entry that brings it, or a fresh one. */
    TestKey next(KeyUse use, Algorithm algorithm, int entry) {
        long from = seed == null ? System.nanoTime() : seed;
        return TestKey.seeded(use, algorithm, from + 100 + entry);
    }

    List<TestKey> statements() {
        return statements;
    }

    void statements(List<TestKey> signers) {
        statements = List.copyOf(signers);
    }

    List<DsseSignature> sign(Bytes message) {
        List<DsseSignature> signatures = new ArrayList<>();
        statements.forEach(key -> signatures.add(new DsseSignature(key.key().keyid(), key.signOrFail(message))));
        return signatures;
    }

    /** From the entry that a checkpoint has to cover on. */
    void checkpoints(long from, TestKey signer) {
        logKeys.put(from, signer);
    }

    SignedNote sign(Checkpoint checkpoint) {
        try {
            return NoteSigner.sign(
                    checkpoint,
                    logKeys.floorEntry(Math.max(0, checkpoint.size() - 1)).getValue());
        } catch (SigningException failed) {
            throw new IllegalStateException(failed);
        }
    }

    TreeMap<Long, TestKey> logKeys() {
        return new TreeMap<>(logKeys);
    }
}
