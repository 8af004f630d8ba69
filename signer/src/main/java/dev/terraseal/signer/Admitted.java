package dev.terraseal.signer;

import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.statement.Statement;
import java.util.List;

/**
 * A statement that may be signed: it extends what was signed before.
 *
 * @param source offset of its event
 * @param signers the keys that sign at its place, each beside the others
 * @param keys of the log, known that far at least
 */
record Admitted(long source, Statement statement, List<MessageSigner> signers, KeyRing keys) {
    Admitted {
        signers = List.copyOf(signers);
    }

    /** Whether the same keys sign both. */
    boolean hasSignersOf(Admitted other) {
        return signers.stream()
                .map(each -> each.key().keyid())
                .toList()
                .equals(other.signers.stream().map(each -> each.key().keyid()).toList());
    }
}
