package dev.terraseal.simulation.store;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.simulation.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What is in the bucket. Versions of locked names are only ever added; a name that is mutable holds its newest alone. */
public final class Objects {
    private final NavigableMap<String, List<Obj>> objects = new TreeMap<>();
    private final List<Written> journal = new ArrayList<>();
    private final Trace trace;
    private int versions;

    /** A version; null content is a delete marker. {@code ours}: written by an archiver. */
    public record Obj(String version, Bytes content, boolean ours) {}

    /** Something that was written, in the order it was. */
    public record Written(String name, Bytes content, boolean ours) {}

    public Objects(Trace trace) {
        this.trace = trace;
    }

    /** A copy, with a journal of its own that begins with the same entries. */
    public Objects(Objects other, Trace trace) {
        this(trace);
        other.objects.forEach((name, list) -> objects.put(name, new ArrayList<>(list)));
        journal.addAll(other.journal);
        versions = other.versions;
    }

    public List<Obj> versions(String name) {
        return objects.getOrDefault(name, List.of());
    }

    public NavigableMap<String, List<Obj>> all() {
        return objects;
    }

    /** Everything written so far, oldest first. */
    public List<Written> journal() {
        return journal;
    }

    /** Adds a version; null is a delete marker. */
    public Obj add(String name, Bytes content, boolean ours) {
        Obj added = new Obj("v" + ++versions, content, ours);
        objects.computeIfAbsent(name, unused -> new ArrayList<>(1)).add(added);
        trace.add(name);
        trace.add(content == null ? null : content.toByteArray());
        if (content != null) {
            journal.add(new Written(name, content, ours));
        }
        return added;
    }

    void set(String name, Bytes content) {
        objects.put(name, new ArrayList<>(List.of(new Obj("m" + ++versions, content, true))));
        journal.add(new Written(name, content, true));
        trace.add(name);
        trace.add(content.toByteArray());
    }

    void remove(String name) {
        objects.remove(name);
        trace.add(name);
    }
}
