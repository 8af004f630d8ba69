package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a verifier beside the bundle, as {@code verify}'s options.
 *
 * @param genesis {@code --genesis}; given as well where there is a trust file, which then holds the same value
 * @param trustFile {@code --trust}, instead of the genesis, or null
 * @param atLeast {@code --at-least}, or null
 * @param fromCheckpoint {@code --from-checkpoint}, or null
 * @param coversUntil {@code --covers-until}, or null
 */
public record Asked(
        Digest genesis,
        @Nullable Bytes trustFile,
        @Nullable Long atLeast,
        @Nullable Bytes fromCheckpoint,
        @Nullable Timestamp coversUntil) {
    public static Asked under(Digest genesis) {
        return new Asked(genesis, null, null, null, null);
    }

    public Asked atLeast(long size) {
        return new Asked(genesis, trustFile, size, fromCheckpoint, coversUntil);
    }

    public Asked trusting(Bytes file) {
        return new Asked(genesis, file, atLeast, fromCheckpoint, coversUntil);
    }

    public Asked continuing(Bytes checkpoint) {
        return new Asked(genesis, trustFile, atLeast, checkpoint, coversUntil);
    }

    public Asked until(Timestamp time) {
        return new Asked(genesis, trustFile, atLeast, fromCheckpoint, time);
    }

    /** As JSON for other programs: {@code {atLeast?, coversUntil?, fromCheckpoint?, genesis, trust?}}, files in base64. */
    public Json.Obj json() {
        return Json.obj()
                .put("genesis", genesis)
                .putIfPresent("trust", trustFile == null ? null : trustFile.base64())
                .putIfPresent("atLeast", atLeast)
                .putIfPresent("coversUntil", coversUntil == null ? null : coversUntil.toString())
                .putIfPresent("fromCheckpoint", fromCheckpoint == null ? null : fromCheckpoint.base64())
                .build();
    }
}
