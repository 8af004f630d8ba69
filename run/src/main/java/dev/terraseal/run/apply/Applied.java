package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.run.terraform.ApplyLog;

/** How terraform's apply ended. */
record Applied(int exitCode, ApplyLog log, Digest rawLogSha256, Timestamp finishedAt, boolean signalled) {
    boolean isComplete() {
        return log.isComplete(exitCode);
    }

    String outcome() {
        return log.outcome(exitCode, signalled);
    }
}
