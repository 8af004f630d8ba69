package dev.terraseal.witness;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.log.LogDeclaration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What else has to hold before a checkpoint is cosigned. Called by one thread at a time for a log. */
public interface Condition {
    /** Growth is all that is asked: what a witness sees are numbers and hashes. */
    Condition NONE = new Condition() {
        @Override
        public Optional<Answer> refusal(SignedNote note, TreeHead head) {
            return Optional.empty();
        }

        @Override
        public boolean isWithin(TreeHead smaller, TreeHead larger) {
            return false;
        }

        @Override
        public List<Digest> prefix(TreeHead larger, long size) {
            return List.of();
        }

        @Override
        public @Nullable LogDeclaration declaration() {
            return null;
        }
    };

    /** Why the checkpoint is not cosigned; empty if it is. */
    Optional<Answer> refusal(SignedNote note, TreeHead head);

    /**
     * Whether {@code smaller} is known to be of the history of {@code larger}: at little cost, for anybody may send the old
     * checkpoints of a log again and again.
     */
    boolean isWithin(TreeHead smaller, TreeHead larger);

    /**
     * Hashes that lead from the first {@code size} entries under {@code larger} to its root, if they can be had from
     * elsewhere than the request; else empty. They need not be checked.
     */
    List<Digest> prefix(TreeHead larger, long size);

    /** The log's declaration, where it was read: it goes into proofs, for those who pinned a genesis. */
    @Nullable LogDeclaration declaration();
}
