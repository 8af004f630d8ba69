package dev.terraseal.store.s3;

import java.time.Duration;

/**
 * How long one attempt may take. The time of a call covers its body: one limit for all would make the largest object
 * impossible over a slow line, again and again, while it looks like a failure that passes.
 *
 * @param least for a call without a body
 * @param bytesPerSecond the slowest line on which objects still go through
 */
record AttemptTime(Duration least, long bytesPerSecond) {
    static AttemptTime standard() {
        return new AttemptTime(Duration.ofSeconds(30), 256 << 10);
    }

    /** @param bytes of the body, at the most */
    Duration of(long bytes) {
        return least.plusSeconds(bytes / bytesPerSecond);
    }
}
