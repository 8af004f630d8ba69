package dev.terraseal.export;

import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.export.ProvenLog.ArchivedHeads;
import dev.terraseal.verifier.bundle.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a selection means under one head, and what the manifest says was asked.
 *
 * @param single the sequences one by one, or null if they are all from {@code first} to {@code end − 1}
 * @param closing the heads entry that closes a stream
 */
record Chosen(
        Manifest.Query query,
        long first,
        long end,
        @Nullable Sequences single,
        @Nullable ArchivedHeads closing) {
    static Chosen all(long size) {
        return new Chosen(new Manifest.Query(Manifest.Kind.ALL, null, null, null, null), 0, size, null, null);
    }

    static Chosen range(long first, long end, @Nullable String text) {
        return new Chosen(new Manifest.Query(Manifest.Kind.RANGE, first, end, null, text), first, end, null, null);
    }

    static Chosen filter(String text, Sequences single) {
        return new Chosen(
                new Manifest.Query(Manifest.Kind.FILTER, null, null, null, text),
                single.first(),
                single.last() + 1,
                single,
                null);
    }

    static Chosen stream(StreamId stream, Sequences single, ArchivedHeads closing) {
        return new Chosen(
                new Manifest.Query(Manifest.Kind.STREAM, null, null, stream, null),
                single.first(),
                single.last() + 1,
                single,
                closing);
    }

    boolean isContiguous() {
        return single == null;
    }

    long count() {
        return single == null ? end - first : single.size();
    }
}
