package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.signer.check.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;

/** Both topics in memory, with fencing, and commits that fail before or after they took effect. */
final class MemoryTopics {
    private static final long LIMIT_SECONDS = 180;

    private final LogDeclaration log;
    private final List<Entry> sequenced = new ArrayList<>();
    private final List<Signed> attestations = new ArrayList<>();
    private int epoch;
    private Failure nextCommit = Failure.NONE;
    private CountDownLatch hold = new CountDownLatch(0);
    private int commitsBegun;
    private boolean pollsFail;
    private int read;

    enum Failure {
        NONE,
        LOST,
        PERSISTED_BUT_FAILED
    }

    MemoryTopics(LogDeclaration log) {
        this.log = log;
    }

    synchronized void append(List<Entry> entries) {
        sequenced.addAll(entries);
        notifyAll();
    }

    synchronized void failNextCommit(Failure failure) {
        nextCommit = failure;
    }

    /** Commits from now on wait for {@code latch} before they do anything. */
    synchronized void holdCommits(CountDownLatch latch) {
        hold = latch;
    }

    synchronized void failPolls() {
        pollsFail = true;
        notifyAll();
    }

    /** Whether whoever read last has read all. */
    synchronized boolean allRead() {
        return read == sequenced.size();
    }

    synchronized void awaitFirstCommit() throws InterruptedException {
        while (commitsBegun == 0) {
            TimeUnit.SECONDS.timedWait(this, LIMIT_SECONDS);
        }
    }

    private void awaitHold() {
        CountDownLatch until;
        synchronized (this) {
            until = hold;
            commitsBegun++;
            notifyAll();
        }
        try {
            assertThat(until.await(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("the commit is let go on")
                    .isTrue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException("nobody interrupts a commit", stop);
        }
    }

    synchronized List<Signed> attestations() {
        return List.copyOf(attestations);
    }

    /** Loses the newest attestations. */
    synchronized void rollBack(int left) {
        attestations.subList(left, attestations.size()).clear();
    }

    synchronized void replaceSequenced(List<Entry> entries) {
        sequenced.clear();
        sequenced.addAll(entries);
    }

    synchronized void awaitAttestations(int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (attestations.size() < count) {
            long left = deadline - System.nanoTime();
            assertThat(left)
                    .as("attestations %s of %s", attestations.size(), count)
                    .isPositive();
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    EntryInput input() {
        return new Input();
    }

    AttestationOutput output() {
        return new Output();
    }

    private final class Input implements EntryInput {
        private int position;
        private boolean woken;

        @Override
        public void seek(SequenceNumber sequence) {
            synchronized (MemoryTopics.this) {
                position = (int) Math.min(sequence.value(), sequenced.size());
            }
        }

        @Override
        public List<Entry> keyEvents(SequenceNumber from) {
            synchronized (MemoryTopics.this) {
                return sequenced.stream()
                        .filter(entry -> entry.stream().equals(StreamId.KEYS))
                        .filter(entry -> entry.sequence().compareTo(from) >= 0)
                        .toList();
            }
        }

        @Override
        public List<Entry> poll(Duration atMost) {
            synchronized (MemoryTopics.this) {
                if (position == sequenced.size() && !woken && !atMost.isZero()) {
                    try {
                        MemoryTopics.this.wait(atMost.toMillis());
                    } catch (InterruptedException stop) {
                        throw new IllegalStateException("nobody interrupts a poll", stop);
                    }
                }
                if (pollsFail) {
                    throw new TimeoutException("a poll that failed");
                }
                woken = false;
                int end = Math.min(sequenced.size(), position + 7);
                List<Entry> entries = List.copyOf(sequenced.subList(position, end));
                position = end;
                read = end;
                return entries;
            }
        }

        @Override
        public void wake() {
            synchronized (MemoryTopics.this) {
                woken = true;
                MemoryTopics.this.notifyAll();
            }
        }

        @Override
        public long behind(long next) {
            synchronized (MemoryTopics.this) {
                return Math.max(0, sequenced.size() - next);
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private final class Output implements AttestationOutput {
        private int mine = -1;

        @Override
        public LogHead takeOver() {
            synchronized (MemoryTopics.this) {
                assertThat(mine).as("taken over once").isEqualTo(-1);
                mine = ++epoch;
                return attestations.isEmpty()
                        ? LogHead.birth(log.origin(), log.genesis())
                        : head(attestations.get(attestations.size() - 1));
            }
        }

        private LogHead head(Signed newest) {
            return new LogHead(
                    log.origin(),
                    log.genesis(),
                    newest.statement().sequence().value() + 1,
                    newest.statement().entryHash());
        }

        @Override
        public void commit(List<Signed> finished) throws FencedException {
            awaitHold();
            synchronized (MemoryTopics.this) {
                assertThat(finished).as("no empty transaction").isNotEmpty();
                if (mine != epoch) {
                    throw new FencedException(
                            "test", false, new IllegalStateException("epoch " + mine + " < " + epoch));
                }
                Failure failure = nextCommit;
                nextCommit = Failure.NONE;
                if (failure != Failure.LOST) {
                    attestations.addAll(finished);
                    MemoryTopics.this.notifyAll();
                }
                if (failure != Failure.NONE) {
                    throw new TimeoutException("commit " + failure);
                }
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
