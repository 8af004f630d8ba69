package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.timestamp.RenewalName;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.core.timestamp.UncheckableTokenException;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** timestamps/ of a bundle: the tokens that bound its entries, the notes they are over, and what renewed them. */
final class StampsExport {
    private final ArchivedLog log;
    private final KeyRing keys;
    private final TreeMap<Long, Stamped> stamped = new TreeMap<>();
    private final TreeMap<String, List<RenewalName>> renewals = new TreeMap<>();
    private final Map<String, Digest> written = new HashMap<>();
    private @Nullable Newest newest;

    /**
     * The newest token there is, for whoever checks by hand.
     *
     * @param time of the token
     */
    record Newest(String note, String token, Instant time) {}

    private StampsExport(ArchivedLog log, KeyRing keys) {
        this.log = log;
        this.keys = keys;
    }

    /**
     * Looks for what there is up to the head and chooses for the entries of the export. Names are chosen from and then
     * looked at, again until each chosen size has a token: those of a log of years are many, and others may put names there.
     */
    static StampsExport choose(ArchivedLog log, KeyEventsFinder.Found keys, Chosen chosen)
            throws IOException, ExportException {
        StampsExport found = new StampsExport(log, keys.ring());
        long headSize = keys.under().size();
        TreeMap<Long, List<StampName>> names = new TreeMap<>();
        log.eachName(StampName.PREFIX, name -> {
            StampName.parse(name)
                    .filter(stamp -> stamp.size() <= headSize)
                    .ifPresent(stamp -> names.computeIfAbsent(stamp.size(), any -> new ArrayList<>())
                            .add(stamp));
            RenewalName.parse(name)
                    .ifPresent(renewal -> found.renewals
                            .computeIfAbsent(renewal.list(), any -> new ArrayList<>())
                            .add(renewal));
        });
        Map<Long, Stamped> opened = new HashMap<>();
        TreeSet<Long> sizes;
        boolean whole;
        do {
            sizes = StampChoice.of(new TreeSet<>(names.keySet()), chosen.first(), chosen.end(), keys.shown());
            whole = true;
            for (long size : sizes) {
                if (!opened.containsKey(size)) {
                    opened.put(size, found.open(size, names.getOrDefault(size, List.of())));
                }
                if (opened.get(size).tokens().isEmpty()) {
                    names.remove(size);
                    whole = false;
                }
            }
        } while (!whole);
        for (long size : sizes) {
            found.stamped.put(size, opened.get(size));
        }
        return found;
    }

    /** A checkpoint that was stamped, and its tokens by their names. */
    private record Stamped(Bytes note, TreeMap<String, Stored> tokens) {}

    private Stamped open(long size, List<StampName> names) throws IOException {
        TreeMap<String, Stored> tokens = new TreeMap<>();
        Bytes note = log.checkpoint(size, keys);
        if (note != null) {
            for (StampName name : names) {
                log.archive()
                        .read(name.text(), token -> isToken(token, note, name.second()))
                        .ifPresent(token -> tokens.put(name.text(), token));
            }
        }
        return new Stamped(note == null ? Bytes.EMPTY : note, tokens);
    }

    /** The sizes whose notes the head has to be shown to continue. */
    TreeSet<Long> sizes() {
        return new TreeSet<>(stamped.keySet());
    }

    void write(BundleDirectory bundle) throws IOException {
        for (Map.Entry<Long, Stamped> each : stamped.entrySet()) {
            Bytes note = each.getValue().note();
            for (Map.Entry<String, Stored> token : each.getValue().tokens().entrySet()) {
                Bytes content = token.getValue().content();
                put(bundle, token.getKey(), content);
                newest = new Newest(
                        StampName.note(each.getKey()),
                        token.getKey(),
                        opened(content, note).orElseThrow().time());
            }
            bundle.put(StampName.note(each.getKey()), note);
        }
        for (Map.Entry<String, List<RenewalName>> list : renewals.entrySet()) {
            writeRenewal(bundle, list.getKey(), list.getValue());
        }
    }

    private void put(BundleDirectory bundle, String name, Bytes content) throws IOException {
        bundle.put(name, content);
        written.put(name, Digest.of(content));
    }

    /** What anybody may have put beside the tokens is none, nor is one under another time than its own: it would fail a bundle. */
    private static boolean isToken(Bytes token, Bytes data, String second) {
        return opened(token, data)
                .filter(open -> StampName.second(open.time()).equals(second))
                .isPresent();
    }

    private static Optional<TimeStampToken> opened(Bytes token, Bytes data) {
        try {
            return Optional.of(TimeStampToken.open(token, data));
        } catch (TokenException | UncheckableTokenException notOne) {
            return Optional.empty();
        }
    }

    /** Of a list the version counts that tokens beside it are over, and then those tokens do. */
    private void writeRenewal(BundleDirectory bundle, String name, List<RenewalName> beside) throws IOException {
        TreeMap<String, Stored> tokens = new TreeMap<>();
        Optional<Stored> list = log.archive().read(name, content -> {
            tokens.clear();
            return namesWritten(content) && areOver(content, beside, tokens);
        });
        if (list.isPresent()) {
            put(bundle, name, list.get().content());
            for (Map.Entry<String, Stored> token : tokens.entrySet()) {
                put(bundle, token.getKey(), token.getValue().content());
            }
        }
    }

    private boolean areOver(Bytes list, List<RenewalName> names, TreeMap<String, Stored> tokens) {
        try {
            for (RenewalName name : names) {
                log.archive()
                        .read(name.text(), token -> isToken(token, list, name.second()))
                        .ifPresent(token -> tokens.put(name.text(), token));
            }
            return !tokens.isEmpty();
        } catch (StoreException unanswered) {
            throw new UncheckedIOException(unanswered);
        }
    }

    /** Whether it names a token of this bundle; by other bytes it would renew nothing. */
    private boolean namesWritten(Bytes list) {
        try {
            return TokenList.parse(list).entrySet().stream()
                    .anyMatch(named -> Objects.equals(named.getValue(), written.get(named.getKey())));
        } catch (TokenException planted) {
            return false;
        }
    }

    /** Null if nothing was stamped. */
    @Nullable Newest newest() {
        return newest;
    }
}
