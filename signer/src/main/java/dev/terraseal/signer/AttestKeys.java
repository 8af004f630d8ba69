package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.RefusedEntryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which key signs an entry: log.json and the key events below it say so. Each is believed for the authority's signatures it
 * carries, wherever it was read; one that was left out makes the signer use a key that is no longer in force, and the
 * archiver refuse what it signed. One thread.
 */
final class AttestKeys {
    private final KeyInForce keys;
    private final SignatureChecker checker;
    private KeyRing ring;
    private long known;

    AttestKeys(LogDeclaration log, KeyInForce keys, SignatureChecker checker) {
        this(KeyRing.of(log), SequenceNumber.ZERO, keys, checker);
    }

    private AttestKeys(KeyRing ring, SequenceNumber known, KeyInForce keys, SignatureChecker checker) {
        this.keys = keys;
        this.checker = checker;
        this.ring = ring;
        this.known = known.value();
    }

    /** With key events that were written to a file, for a log whose topics were trimmed beyond them. */
    static AttestKeys from(LogDeclaration log, KeyHistory history, KeyInForce keys, SignatureChecker checker)
            throws UnauthorisedException, UncheckableException {
        return new AttestKeys(history.ring(log, checker), history.next(), keys, checker);
    }

    /** With the key events in {@code file}, if one is given. */
    static AttestKeys read(@Nullable Path file, LogDeclaration log, KeyInForce keys, SignatureChecker checker)
            throws IOException, RefusedEntryException {
        if (file == null) {
            return new AttestKeys(log, keys, checker);
        }
        try {
            return from(log, KeyHistory.parse(Bytes.wrap(Files.readAllBytes(file))), keys, checker);
        } catch (UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
            throw new RefusedEntryException(file + " does not hold the key events of this log: " + refused.getMessage()
                    + ". Make it again: terraseal key list --events");
        }
    }

    /** Keys of the log as far as its key events were taken. */
    KeyRing ring() {
        return ring;
    }

    /** One past the newest key event that was taken. */
    SequenceNumber known() {
        return new SequenceNumber(known);
    }

    /**
     * Takes key events that were sequenced before this signer reads on, oldest first, up to one that must not be believed:
     * that one is refused at its place, after what is good before it was signed.
     */
    void learn(List<Entry> keyEvents) {
        for (Entry entry : keyEvents) {
            try {
                take(entry.offset(), Statement.parse(entry.statement()));
            } catch (RefusedEntryException | IllegalArgumentException refused) {
                return;
            }
        }
    }

    /** Takes the change an entry makes, if it is a key event that was not taken before. */
    void take(long offset, Statement statement) throws RefusedEntryException {
        long sequence = statement.sequence().value();
        if (statement.type() != PredicateType.KEY_EVENT || sequence < known) {
            return;
        }
        try {
            ring = ring.apply(KeyEvent.fromBody(statement.body()), statement.sequence(), checker);
            known = sequence + 1;
        } catch (UnauthorisedException | UncheckableException | IllegalArgumentException refused) {
            throw new RefusedEntryException(
                    offset, "sequence " + sequence + " changes keys, but " + refused.getMessage());
        }
    }

    /** The keys that sign the entry there, each beside the others. */
    List<MessageSigner> at(SequenceNumber sequence) throws KeyUnavailableException {
        return keys.allAt(ring, sequence);
    }
}
