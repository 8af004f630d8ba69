package dev.terraseal.core.index;

/** What {@link DuplicateIndex#find} knows of a fingerprint. */
public sealed interface Answer {
    /** No accepted event has this key. */
    record Absent() implements Answer {
        static final Absent INSTANCE = new Absent();
    }

    /** The event with this key and this content has this sequence. */
    record Same(long sequence) implements Answer {}

    /** The key belongs to the entry with this sequence, whose content digest begins otherwise. */
    record OtherContent(long sequence, String contentPrefix) implements Answer {}
}
