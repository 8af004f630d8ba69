package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SigningException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who signs in a log as it grows: its first keys, then those that key events bring. */
final class FixtureSigners {
    private final @Nullable Long seed;
    private final TreeMap<Long, TestKey> logKeys = new TreeMap<>();
    private List<TestKey> statements;
    private @Nullable TestKey second;

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

    /** The same of the kind that signs beside another. */
    TestKey nextSecond(KeyUse use, int entry) {
        return next(use, use == KeyUse.LOG ? Algorithm.ML_DSA_44 : Algorithm.ML_DSA_65, entry);
    }

    TestKey second() {
        return Objects.requireNonNull(second, "the log has no second key");
    }

    /** A key that signs beside the first of its use from here on. */
    void second(TestKey signer) {
        if (signer.key().use() == KeyUse.LOG) {
            second = signer;
        } else {
            List<TestKey> both = new ArrayList<>(statements);
            both.add(signer);
            statements(both);
        }
    }

    /** With the log's second line, as its archiver would have made it at a time. */
    SignedNote signTwice(Checkpoint checkpoint, Instant at) {
        try {
            return sign(checkpoint).with(NoteSigner.signSecond(checkpoint, at, second()));
        } catch (SigningException failed) {
            throw new IllegalStateException(failed);
        }
    }

    Envelope envelope(Batch batch) {
        return new Envelope(Dsse.BATCH, batch.payload(), sign(Dsse.pae(Dsse.BATCH, batch.payload())));
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
