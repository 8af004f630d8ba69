package dev.terraseal.cli;

import dev.terraseal.archiver.ArchivedEnd;
import dev.terraseal.archiver.resume.LogResume;
import dev.terraseal.core.statement.Statement;
import java.util.ArrayList;
import java.util.List;

/** What {@code log resume} says: what the archive proves, what it cannot know, what to do. */
final class ResumeText {
    private ResumeText() {}

    static List<String> lines(ResumeGround ground, LogResume.Found found, int receipts, boolean wrote) {
        List<String> lines = new ArrayList<>();
        ArchivedEnd end = found.archive();
        long above = end.size() - end.checkpoint().size();
        lines.add("Log        " + ground.log().origin() + ", genesis "
                + ground.log().genesis());
        lines.add("Archive    " + ground.archive() + (receipts == 0 ? "" : ", with the receipts given") + ": "
                + end.size() + " entries, all verified");
        lines.add("Checkpoint size " + end.checkpoint().size()
                + (above == 0 ? "" : ", and " + above + " signed entries above it, which count"));
        Statement newest = end.newest();
        if (newest == null) {
            lines.add("The log has no entry yet: there is nothing to take up. Start the services.");
            return lines;
        }
        lines.add("Newest     entry " + newest.sequence() + ", received " + newest.receivedAt() + ", hash "
                + newest.entryHash());
        lines.add("Lost, where nobody else has it (nothing here can say how much it is):");
        lines.add("  - events accepted after " + newest.receivedAt()
                + ": answered 202, or with a receipt without a proof, and not archived yet.");
        lines.add(
                "    Have everything since then sent again, spools too: what is in the log is answered with its entry");
        lines.add("  - terraseal.rejected and terraseal.outcomes: what was refused, and why");
        if (found.isDone()) {
            lines.add("All " + end.size() + " entries are on the topics. Start the services; where they keep a state"
                    + " directory of the sequencer, remove that first.");
        } else {
            lines.add("On the topics: " + found.begun() + " of " + end.size() + " entries. Nothing was written"
                    + (wrote ? "" : ": give --yes to do it"));
        }
        return lines;
    }
}
