package dev.terraseal.export;

import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.store.StoreException;
import java.io.UncheckedIOException;

/** Whether entries are signed by the log's keys, each by itself or in a batch. */
record EntrySigners(KeysInForce keys, ArchivedBatches batches) {
    static EntrySigners of(ArchivedLog log, KeyRing ring) {
        KeysInForce keys = new KeysInForce(ring, log.checker());
        return new EntrySigners(keys, new ArchivedBatches(log.archive(), log.log(), keys));
    }

    boolean signed(ArchivedEntry entry, KeysInForce.Demand demand) {
        try {
            return entry.isBatched()
                    ? batches.covering(entry).isPresent()
                    : keys.signed(
                            Dsse.pae(Dsse.STATEMENT, entry.statement().bytes()),
                            Envelope.signatures(entry.line()),
                            entry.sequence(),
                            demand);
        } catch (UncheckableException unknown) {
            return false;
        } catch (StoreException unanswered) {
            throw new UncheckedIOException(unanswered);
        }
    }
}
