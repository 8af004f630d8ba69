package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a verifier beside the bundle, as {@code verify}'s options.
 *
 * @param genesis {@code --genesis}; given as well where there is a trust file, which then holds the same value
 * @param trustFile {@code --trust}, instead of the genesis, or null
 * @param atLeast {@code --at-least}, or null
 * @param fromCheckpoint {@code --from-checkpoint}, or null
 */
public record Asked(
        Digest genesis,
        @Nullable Bytes trustFile,
        @Nullable Long atLeast,
        @Nullable Bytes fromCheckpoint) {
    public static Asked under(Digest genesis) {
        return new Asked(genesis, null, null, null);
    }

    public Asked atLeast(long size) {
        return new Asked(genesis, trustFile, size, fromCheckpoint);
    }

    public Asked trusting(Bytes file) {
        return new Asked(genesis, file, atLeast, fromCheckpoint);
    }

    public Asked continuing(Bytes checkpoint) {
        return new Asked(genesis, trustFile, atLeast, checkpoint);
    }

    /** As JSON for other programs: {@code {atLeast?, fromCheckpoint?, genesis, trust?}}, files in base64. */
    public Json.Obj json() {
        return Json.obj()
                .put("genesis", genesis)
                .putIfPresent("trust", trustFile == null ? null : trustFile.base64())
                .putIfPresent("atLeast", atLeast)
                .putIfPresent("fromCheckpoint", fromCheckpoint == null ? null : fromCheckpoint.base64())
                .build();
    }
}
