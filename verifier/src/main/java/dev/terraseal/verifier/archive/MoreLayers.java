package dev.terraseal.verifier.archive;

import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.verdict.Findings;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What somebody asks of an archive's store once everything in it was derived again. */
@FunctionalInterface
public interface MoreLayers {
    MoreLayers NONE = (read, findings) -> {};

    /**
     * What an archive turned out to be.
     *
     * @param newest the newest checkpoint that holds, null if none does
     * @param keySegments segments with key events, which every later proof needs
     * @param spare names that are no part of it
     */
    record WhatWasRead(LogDeclaration log, @Nullable Checkpoint newest, Set<String> keySegments, Set<String> spare) {
        public WhatWasRead {
            keySegments = Set.copyOf(keySegments);
            spare = Set.copyOf(spare);
        }
    }

    void judge(WhatWasRead read, Findings findings) throws IOException;
}
