package dev.terraseal.keys.change;

import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.KeyChange;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where each key would be in force after a change that nobody signed yet, as {@link KeyRing#apply} will have it. Keys may
 * begin and end above the change, by it or by an earlier one: what is in force right after it says nothing of those places.
 */
final class Rehearsal {
    private final Map<KeyId, Span> spans = new HashMap<>();
    private final long first;

    /** A key in force in {@code [from, end)}. */
    private record Span(DeclaredKey key, long from, long end) {
        boolean holdsAt(long index) {
            return from <= index && index < end;
        }

        Span until(long other) {
            return new Span(key, from, Math.min(end, other));
        }
    }

    /**
     * @param keys before it
     * @param index the leaf index it would have
     */
    Rehearsal(KeyRing keys, KeyChange change, long index) {
        this.first = index + 1;
        for (KeyRing.Declaration each : keys.declarations()) {
            spans.put(each.key().keyid(), new Span(each.key(), each.from(), each.end()));
        }
        for (KeyEvent.NewKey added : change.keys()) {
            KeyUse use = added.key().use();
            long from = Math.max(added.from().value(), first);
            if (change.action() == KeyEvent.Action.ROTATE) {
                spans.replaceAll((id, span) -> span.key().use() == use && span.from() < from ? span.until(from) : span);
            }
            spans.put(added.key().keyid(), new Span(added.key(), from, Long.MAX_VALUE));
        }
        for (KeyEvent.Revoked revoked : change.revoked()) {
            spans.computeIfPresent(revoked.keyid(), (id, span) -> span.until(first));
        }
    }

    /** Where what is in force for a use may differ from the place before: right after the change, and above it. */
    SortedSet<Long> places(KeyUse use) {
        SortedSet<Long> out = new TreeSet<>();
        out.add(first);
        for (Span span : spans.values()) {
            if (span.key().use() == use && span.from() < span.end()) {
                out.add(Math.max(first, span.from()));
                out.add(Math.max(first, span.end()));
            }
        }
        out.remove(Long.MAX_VALUE);
        return out;
    }

    /** The keys of a use in force at an index. */
    List<DeclaredKey> inForce(KeyUse use, long index) {
        return spans.values().stream()
                .filter(span -> span.key().use() == use && span.holdsAt(index))
                .map(Span::key)
                .toList();
    }

    /** Those that end at an index. */
    List<KeyId> ending(KeyUse use, long index) {
        return spans.values().stream()
                .filter(span -> span.key().use() == use && span.end() == index && span.from() < index)
                .map(span -> span.key().keyid())
                .toList();
    }
}
