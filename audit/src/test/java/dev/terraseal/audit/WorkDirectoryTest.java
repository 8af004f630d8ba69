package dev.terraseal.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.store.ObjectLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    private static final String PLACE = "s3://t";
    private static final ObjectLock LOCK =
            new ObjectLock(ObjectLock.Mode.COMPLIANCE, Instant.parse("2027-11-22T01:02:03Z"));

    @TempDir
    private Path temp;

    private Path root() {
        return temp.resolve("work");
    }

    private WorkDirectory open() throws Exception {
        return WorkDirectory.in(root(), PLACE);
    }

    @Test
    void whatIsNotTheAuditsStays() throws Exception {
        try (WorkDirectory work = open()) {
            work.keep("log.json", "v1", Bytes.utf8("{}"));
            work.remember("log.json", "v1", LOCK);
            Files.writeString(root().resolve("notes.txt"), "mine");
            work.finished();
        }
        assertThat(root()).isDirectoryContaining(file -> file.endsWith("notes.txt"));
        assertThat(root().toFile().list()).hasSize(1);
    }

    @Test
    void twoAuditsAtOnceAreRefused() throws Exception {
        try (WorkDirectory first = open()) {
            assertThat(first.isResumed()).isFalse();
            assertThatThrownBy(this::open)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another audit is at work in");
        }
        try (WorkDirectory second = open()) {
            assertThat(second.isResumed()).isTrue();
        }
    }

    @Test
    void aLineThatWasCutOffIsForgottenAndSwallowsNoOther() throws Exception {
        try (WorkDirectory work = open()) {
            work.remember("a", "v1", LOCK);
            work.remember("b", "v1", LOCK);
        }
        Path locks = root().resolve("locks.txt");
        String text = Files.readString(locks);
        // As an earlier version of this program went on behind a line that was cut off.
        Files.writeString(locks, text.substring(0, 70) + text);
        try (WorkDirectory work = open()) {
            assertThat(work.lock("a", "v1")).isEmpty();
            assertThat(work.lock("b", "v1")).contains(LOCK);
        }
        Files.writeString(locks, text.substring(0, text.length() - 5));
        try (WorkDirectory work = open()) {
            assertThat(work.lock("b", "v1")).isEmpty();
            work.remember("c", "v1", LOCK);
        }
        Files.writeString(locks, "0".repeat(64) + " 2026-99-99T01:02:03Z\n", StandardOpenOption.APPEND);
        try (WorkDirectory work = open()) {
            assertThat(work.lock("a", "v1")).contains(LOCK);
            assertThat(work.lock("b", "v1")).isEmpty();
            assertThat(work.lock("c", "v1")).contains(LOCK);
        }
    }
}
