package dev.terraseal.run.client;

import dev.terraseal.core.receipt.Receipt;
import java.util.List;
import java.util.function.Function;

/** What became of a request. Only {@link Unavailable} may be sent again as it is. */
public sealed interface Answer {

    /** 202: on the pipeline's disks, no place in the log yet. */
    record Accepted() implements Answer {
        @Override
        public <T> T fold(Fold<T> fold) {
            return fold.accepted().apply(this);
        }
    }

    /** In the log. {@code receipts} is empty where the pipeline gave none with its answer. */
    record Recorded(List<Receipt> receipts) implements Answer {
        public Recorded {
            receipts = List.copyOf(receipts);
        }

        @Override
        public <T> T fold(Fold<T> fold) {
            return fold.recorded().apply(this);
        }
    }

    /** Never acceptable as it is: 400, 404, 409, 413, 422. */
    record Refused(Problem problem) implements Answer {
        @Override
        public <T> T fold(Fold<T> fold) {
            return fold.refused().apply(this);
        }
    }

    /** 401 or 403: the token is missing, wrong or not for this. */
    record NotPermitted(Problem problem) implements Answer {
        @Override
        public <T> T fold(Fold<T> fold) {
            return fold.notPermitted().apply(this);
        }
    }

    /** No answer, or one that says later, for as long as we were to try. */
    record Unavailable(String reason) implements Answer {
        @Override
        public <T> T fold(Fold<T> fold) {
            return fold.unavailable().apply(this);
        }
    }

    /** One function for each answer there can be. */
    record Fold<T>(
            Function<Accepted, T> accepted,
            Function<Recorded, T> recorded,
            Function<Refused, T> refused,
            Function<NotPermitted, T> notPermitted,
            Function<Unavailable, T> unavailable) {}

    <T> T fold(Fold<T> fold);
}
