package dev.terraseal.signer;

import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Envelope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements that may be signed and wait for the others of their batch, in order. A batch never crosses a change of keys:
 * its one signature has to be by a key in force at each of its entries. One thread, but for {@link #size}.
 */
final class Gathering {
    private final SigningForm form;
    private final long bytesMax;
    private final ArrayDeque<Admitted> statements = new ArrayDeque<>();
    /** How many of the first ones are signed by the same key. */
    private int sameKey;

    private long bytes;
    private long since;
    private @Nullable Envelope kept;
    private volatile int size;

    /** @param bytesMax a batch is closed when its statements have so many bytes */
    Gathering(SigningForm form, long bytesMax) {
        this.form = form;
        this.bytesMax = bytesMax;
    }

    boolean isEmpty() {
        return statements.isEmpty();
    }

    int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }

    /** @param now in milliseconds */
    void add(Admitted statement, long now) {
        if (statements.isEmpty()) {
            since = now;
        }
        statements.add(statement);
        bytes += statement.statement().bytes().length();
        if (sameKey == statements.size() - 1 && sameSigner(statement)) {
            sameKey++;
        }
        size = statements.size();
    }

    private boolean sameSigner(Admitted statement) {
        return statements.element().hasSignersOf(statement);
    }

    /**
     * Puts back what was to be a batch where another one is kept already, of a signer that died before its entries were
     * written: the same entries have to be that batch.
     */
    void putBack(List<Admitted> again, Envelope other) {
        for (int i = again.size() - 1; i >= 0; i--) {
            statements.addFirst(again.get(i));
            bytes += again.get(i).statement().bytes().length();
        }
        kept = other;
        count();
    }

    private void count() {
        sameKey = 0;
        for (Admitted each : statements) {
            if (!sameSigner(each)) {
                break;
            }
            sameKey++;
        }
        size = statements.size();
    }

    /** The envelope the next batch has to have, if it was kept before. */
    @Nullable Envelope kept() {
        return kept;
    }

    /** The first statements, each to be signed by itself; call only where there is one. */
    List<Admitted> takeFirst(int most) {
        return take(Math.min(most, statements.size()));
    }

    /**
     * The next batch, if it is complete; else none.
     *
     * @param now in milliseconds
     * @param all whether nothing more will come
     */
    List<Admitted> cut(long now, boolean all) {
        Envelope other = kept;
        if (other != null) {
            long count = Batch.parse(other.payload()).count();
            if (statements.size() < count) {
                return List.of();
            }
            kept = null;
            return taken((int) count, now);
        }
        int most = Math.min(sameKey, form.entries());
        boolean closed = most < statements.size() || most == form.entries() || bytes >= bytesMax;
        return closed || all || untilDue(now).isZero() ? taken(most, now) : List.of();
    }

    /** How long to wait for more statements. A clock that was set back must not hold them up. */
    Duration untilDue(long now) {
        long waited = now - since;
        return waited < 0
                ? Duration.ZERO
                : Duration.ofMillis(Math.max(0, form.patience().toMillis() - waited));
    }

    private List<Admitted> taken(int count, long now) {
        List<Admitted> batch = take(count);
        since = now;
        return batch;
    }

    private List<Admitted> take(int count) {
        List<Admitted> taken = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Admitted next = statements.remove();
            bytes -= next.statement().bytes().length();
            taken.add(next);
        }
        sameKey -= count;
        if (sameKey <= 0) {
            count();
        }
        size = statements.size();
        return taken;
    }
}
