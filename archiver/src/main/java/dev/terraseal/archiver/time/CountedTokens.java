package dev.terraseal.archiver.time;

import dev.terraseal.archiver.recovery.Recovery;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.timestamp.RenewalName;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/** The tokens of an archive that count: over a checkpoint that the log signed, or over a list of older tokens. */
final class CountedTokens {
    private final ArchiveReader store;
    private final Tokens tokens;
    private final LongFunction<Validity> checkpoints;
    private final Map<String, Optional<Digest>> known;

    /** @param known the digests that were found before, empty ones for what is no token */
    CountedTokens(
            ArchiveReader store,
            Tokens tokens,
            LongFunction<Validity> checkpoints,
            Map<String, Optional<Digest>> known) {
        this.store = store;
        this.tokens = tokens;
        this.checkpoints = checkpoints;
        this.known = known;
    }

    /** Of the token under a name; empty if none under it counts. */
    Optional<Digest> digest(String name) throws StoreException {
        Optional<Digest> before = known.get(name);
        if (before != null) {
            return before;
        }
        Optional<Digest> found = token(name).map(stored -> Digest.of(stored.content()));
        known.put(name, found);
        return found;
    }

    private Optional<Stored> token(String name) throws StoreException {
        Optional<StampName> stamp = StampName.parse(name);
        if (stamp.isPresent()) {
            long size = stamp.get().size();
            Optional<Stored> note = store.read(ArchiveNames.checkpoint(size), checkpoints.apply(size));
            return note.isEmpty()
                    ? Optional.empty()
                    : store.read(
                            name, tokens.over(note.get().content(), stamp.get().second()));
        }
        Optional<RenewalName> renewal = RenewalName.parse(name);
        Optional<Bytes> list = renewal.isEmpty() ? Optional.empty() : stampedList(renewal.get());
        return list.isEmpty()
                ? Optional.empty()
                : store.read(name, tokens.over(list.get(), renewal.get().second()));
    }

    /** What the list says that this token is over; nothing if it is over none. */
    Map<String, Digest> list(RenewalName name) throws StoreException {
        try {
            Optional<Bytes> list = stampedList(name);
            return list.isEmpty() ? Map.of() : TokenList.parse(list.get());
        } catch (TokenException impossible) {
            throw new IllegalStateException("a list that was just read cannot be read", impossible);
        }
    }

    /** The oldest version of the list that a token of this name is over: others may have been put there first. */
    private Optional<Bytes> stampedList(RenewalName name) throws StoreException {
        try {
            return store.read(name.list(), list -> isList(list) && isStamped(name, list))
                    .map(Stored::content);
        } catch (UncheckedIOException silent) {
            throw Recovery.unreadable(silent);
        }
    }

    private static boolean isList(Bytes content) {
        try {
            return !TokenList.parse(content).isEmpty();
        } catch (TokenException planted) {
            return false;
        }
    }

    private boolean isStamped(RenewalName name, Bytes list) {
        try {
            return store.read(name.text(), tokens.over(list, name.second())).isPresent();
        } catch (StoreException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
