package dev.terraseal.testkit.s3;

import dev.terraseal.core.bytes.Bytes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A version of a key or, without content, a delete marker. */
record ObjectVersion(
        String id,
        @Nullable Bytes content,
        String contentType,
        Instant modified,
        @Nullable Lock lock) {

    /** {@code mode} is COMPLIANCE or GOVERNANCE. */
    record Lock(String mode, Instant until) {
        boolean active(Instant now) {
            return until.isAfter(now);
        }
    }

    boolean isMarker() {
        return content == null;
    }

    Bytes requireContent() {
        if (content == null) {
            throw new IllegalStateException("a delete marker has no content");
        }
        return content;
    }

    ObjectVersion withLock(@Nullable Lock newLock) {
        return new ObjectVersion(id, content, contentType, modified, newLock);
    }
}
