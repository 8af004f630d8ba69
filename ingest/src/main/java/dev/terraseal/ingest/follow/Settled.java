package dev.terraseal.ingest.follow;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.schemas.OutcomeRecord;
import java.util.function.Function;

/** What became of one record of {@code terraseal.events}. */
public sealed interface Settled {
    <T> T fold(
            Function<? super Signed, ? extends T> signed,
            Function<? super Duplicate, ? extends T> duplicate,
            Function<? super Rejected, ? extends T> rejected);

    /** It is the entry with this sequence. */
    record Signed(SequenceNumber sequence) implements Settled {
        @Override
        public <T> T fold(
                Function<? super Signed, ? extends T> signed,
                Function<? super Duplicate, ? extends T> duplicate,
                Function<? super Rejected, ? extends T> rejected) {
            return signed.apply(this);
        }
    }

    /** The same event was in the log already, as this entry. */
    record Duplicate(SequenceNumber original) implements Settled {
        @Override
        public <T> T fold(
                Function<? super Signed, ? extends T> signed,
                Function<? super Duplicate, ? extends T> duplicate,
                Function<? super Rejected, ? extends T> rejected) {
            return duplicate.apply(this);
        }
    }

    /** It is not in the log, for this reason. */
    record Rejected(OutcomeRecord outcome) implements Settled {
        @Override
        public <T> T fold(
                Function<? super Signed, ? extends T> signed,
                Function<? super Duplicate, ? extends T> duplicate,
                Function<? super Rejected, ? extends T> rejected) {
            return rejected.apply(this);
        }
    }
}
