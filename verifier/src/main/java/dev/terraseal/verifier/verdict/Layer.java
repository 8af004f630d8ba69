package dev.terraseal.verifier.verdict;

import java.util.Locale;

/** The questions a verification asks, in the order in which it answers them. */
public enum Layer {
    SEAL("Seal"),
    FILE_HASHES("File hashes"),
    /** log.json, and that it is the log the caller meant. Shown only where it fails. */
    DECLARATION("Declaration"),
    CHAIN("Hash chain"),
    SIGNATURES("Artifact signatures"),
    CHECKPOINT("Checkpoint"),
    INCLUSION("Inclusion"),
    STREAM_HEADS("Stream heads"),
    KEY_EVENTS("Key events"),
    DERIVED("Derived files"),
    TIME("Time"),
    /** Shown only where a trust file names witnesses. */
    WITNESSES("Witnesses"),
    CONTINUITY("State continuity"),
    /** What the caller asked for beyond integrity: sizes, heads, ages. Shown only where something was asked. */
    REQUESTS("Requested"),
    /** Who else wrote to the store, and what. Shown by an audit of a store that keeps versions. */
    VERSIONS("Version history"),
    /** What keeps each object from being deleted. Shown by an audit. */
    LOCKS("Object Lock");

    private final String title;

    Layer(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** The name in JSON: {@code file-hashes}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
