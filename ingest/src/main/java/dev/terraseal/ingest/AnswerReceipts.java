package dev.terraseal.ingest;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.ingest.http.ByteBudget;
import dev.terraseal.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receipts that go with an answer, as many as there are in time. What an answer is about is in the log already: a store
 * that is slow or away may cost it its receipts, which are asked for later, and never the answer. They are made by threads
 * of their own, for a store that does not answer is left by nobody sooner than by its own patience.
 */
public final class AnswerReceipts {
    /** More than requests that wait for one checkpoint together need, where each costs a store some tens of milliseconds. */
    private static final int THREADS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(AnswerReceipts.class);

    private final LogReader reader;
    private final ThreadPoolExecutor threads;

    public AnswerReceipts(LogReader reader) {
        this.reader = reader;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "ingest-receipts-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * The receipts of these entries that are there within {@code limit} and for which there is room, by sequence.
     *
     * @param room takes their bytes
     */
    public Map<SequenceNumber, Bytes> of(Collection<SequenceNumber> wanted, Duration limit, ByteBudget.Share room)
            throws InterruptedException {
        if (wanted.isEmpty()) {
            return Map.of();
        }
        Making making = new Making(new TreeSet<>(wanted), room);
        Future<?> made = threads.submit(() -> make(making));
        try {
            made.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            made.cancel(true);
            threads.purge();
            LOG.warn(
                    "event=receipts-left-out of={} reason=\"the archive did not give them within {} ms\"",
                    making.wanted.size(),
                    limit.toMillis());
        } catch (ExecutionException broken) {
            LOG.error("event=receipts-left-out of={}", making.wanted.size(), broken.getCause());
        } finally {
            // Also where this thread is interrupted: nothing may grow the room any more.
            making.end();
        }
        return making.receipts;
    }

    /** Ends at the first failure: what stands behind the next entry is the same store. */
    private void make(Making making) {
        try (LogReader.OneAnswer answer = reader.oneAnswer()) {
            for (SequenceNumber sequence : making.wanted) {
                if (making.hasEnded()) {
                    return;
                }
                Optional<Receipt> receipt = answer.receipt(sequence);
                if (receipt.isPresent() && !making.add(sequence, receipt.get().bytes())) {
                    return;
                }
            }
        } catch (StoreException notNow) {
            LOG.warn("event=receipts-left-out of={} reason=\"{}\"", making.wanted.size(), notNow.getMessage());
        }
    }

    /** What two threads share: the one that makes receipts and the one that answers. */
    private static final class Making {
        private final TreeSet<SequenceNumber> wanted;
        private final ByteBudget.Share room;
        private final Map<SequenceNumber, Bytes> receipts = new HashMap<>();
        private boolean ended;

        Making(TreeSet<SequenceNumber> wanted, ByteBudget.Share room) {
            this.wanted = wanted;
            this.room = room;
        }

        synchronized boolean add(SequenceNumber sequence, Bytes receipt) {
            if (ended || !room.grow(receipt.length())) {
                return false;
            }
            receipts.put(sequence, receipt);
            return true;
        }

        synchronized boolean hasEnded() {
            return ended;
        }

        synchronized void end() {
            ended = true;
        }
    }
}
