package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.timestamp.RenewalName;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.core.timestamp.UncheckableTokenException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** timestamps/ of a bundle: the tokens that bound its entries, the notes they are over, and what renewed them. */
final class StampsExport {
    private final ArchivedLog log;
    private final KeyRing keys;
    private final TreeMap<Long, List<StampName>> tokens = new TreeMap<>();
    private final List<RenewalName> renewals = new ArrayList<>();
    private final TreeSet<Long> sizes;
    private final Set<String> written = new HashSet<>();
    private @Nullable Newest newest;

    /**
     * The newest token there is, for whoever checks by hand.
     *
     * @param time of the token
     */
    record Newest(String note, String token, Instant time) {}

    private StampsExport(ArchivedLog log, KeyRing keys, TreeSet<Long> sizes) {
        this.log = log;
        this.keys = keys;
        this.sizes = sizes;
    }

    /** Looks for what there is below {@code headSize} and chooses for the entries of the export. */
    static StampsExport choose(ArchivedLog log, KeyRing keys, long headSize, Chosen chosen)
            throws IOException, ExportException {
        StampsExport found = new StampsExport(log, keys, new TreeSet<>());
        log.eachName(StampName.PREFIX, name -> {
            StampName.parse(name)
                    .filter(stamp -> stamp.size() <= headSize)
                    .ifPresent(stamp -> found.tokens
                            .computeIfAbsent(stamp.size(), any -> new ArrayList<>())
                            .add(stamp));
            RenewalName.parse(name).ifPresent(found.renewals::add);
        });
        TreeSet<Long> stamped = new TreeSet<>(found.tokens.keySet());
        found.sizes.addAll(StampChoice.of(stamped, chosen.first(), chosen.end()));
        return found;
    }

    /** The sizes whose notes the head has to be shown to continue. */
    TreeSet<Long> sizes() {
        return sizes;
    }

    void write(BundleDirectory bundle) throws IOException, ExportException {
        for (long size : sizes) {
            Bytes note = log.checkpoint(size, keys);
            if (note != null) {
                write(bundle, size, note);
            }
        }
        for (RenewalName renewal : renewals) {
            writeRenewal(bundle, renewal);
        }
    }

    private void write(BundleDirectory bundle, long size, Bytes note) throws IOException {
        boolean any = false;
        for (StampName name : tokens.getOrDefault(size, List.of())) {
            Optional<TimeStampToken> token = copy(bundle, name.text(), note);
            if (token.isPresent()) {
                newest = new Newest(
                        StampName.note(size), name.text(), token.get().time());
                any = true;
            }
        }
        if (any) {
            bundle.put(StampName.note(size), note);
        }
    }

    /** What anybody may have put beside the tokens is left out: it would fail the bundle. */
    private Optional<TimeStampToken> copy(BundleDirectory bundle, String name, Bytes data) throws IOException {
        Optional<Stored> stored =
                log.archive().read(name, content -> open(content, data).isPresent());
        Optional<TimeStampToken> token = stored.flatMap(each -> open(each.content(), data));
        if (stored.isPresent() && token.isPresent()) {
            bundle.put(name, stored.get().content());
            written.add(name);
        }
        return token;
    }

    private static Optional<TimeStampToken> open(Bytes token, Bytes data) {
        try {
            return Optional.of(TimeStampToken.open(token, data));
        } catch (TokenException | UncheckableTokenException notOne) {
            return Optional.empty();
        }
    }

    private void writeRenewal(BundleDirectory bundle, RenewalName renewal) throws IOException {
        Optional<Stored> list = log.archive().read(renewal.list(), Validity.any());
        if (list.isEmpty() || !namesWritten(list.get().content())) {
            return;
        }
        boolean first = !written.contains(renewal.list());
        if (copy(bundle, renewal.text(), list.get().content()).isPresent() && first) {
            bundle.put(renewal.list(), list.get().content());
            written.add(renewal.list());
        }
    }

    private boolean namesWritten(Bytes list) {
        try {
            Map<String, ?> named = TokenList.parse(list);
            return written.stream().anyMatch(named::containsKey);
        } catch (TokenException planted) {
            return false;
        }
    }

    /** Null if nothing was stamped. */
    @Nullable Newest newest() {
        return newest;
    }
}
