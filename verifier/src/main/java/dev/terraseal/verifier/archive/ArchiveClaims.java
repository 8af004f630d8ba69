package dev.terraseal.verifier.archive;

import java.util.ArrayList;
import java.util.List;

/** What an archive that holds proves, and what it does not. */
final class ArchiveClaims {
    static final List<String> PROVEN = List.of(
            "each statement is byte for byte what a key of this log signed for its place",
            "every entry, tile and checkpoint here is of one history",
            "what the log says about its streams");

    private ArchiveClaims() {}

    static List<String> notProven(ArchiveFiles archive) {
        List<String> open = new ArrayList<>();
        open.add("that what is recorded is true");
        if (!archive.isShared()) {
            open.add("that nobody can change a directory");
        }
        return open;
    }
}
