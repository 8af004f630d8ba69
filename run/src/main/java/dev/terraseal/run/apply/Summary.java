package dev.terraseal.run.apply;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.receipt.Receipt;
import dev.terraseal.core.statement.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** The receipt as five lines of Markdown where the CI system shows them. */
final class Summary {
    private Summary() {}

    /** Appends to {@code $GITHUB_STEP_SUMMARY}; nothing where that is not set. */
    static void write(String markdown, Map<String, String> environment) throws IOException {
        String file = environment.getOrDefault("GITHUB_STEP_SUMMARY", "");
        if (!file.isEmpty()) {
            Files.writeString(
                    Path.of(file),
                    markdown,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    /** @param pinned whether somebody named the log whose receipts count */
    static String of(Receipt receipt, String outcome, String reason, boolean pinned) {
        Statement statement = receipt.statement();
        long sequence = statement.sequence().value();
        String proof = receipt.proof() == null
                ? "signed, not yet in a checkpoint"
                : reason.isEmpty() ? "signed, under a checkpoint" : "not checked: " + reason.replace("`", "'");
        return "**Terraseal: apply " + outcome + "**: entry **" + sequence + "** of `"
                + receipt.log().origin() + "`, "
                + proof
                + "\n- stream `" + statement.stream() + "`, id `" + statement.id() + "`\n- " + counts(statement.body())
                + "\n- entry hash `" + statement.entryHash() + "`\n- genesis `"
                + receipt.log().genesis()
                + (pinned ? "`" : "` (not pinned: give --genesis)")
                + "; get the proof: `terraseal receipt --sequence " + sequence + "`\n";
    }

    private static String counts(Json.Obj body) {
        Json.Obj plan = body.objectOrNull("plan");
        String digest = plan == null ? null : plan.stringOrNull("sha256");
        Json.Obj changes = body.objectOrNull("changes");
        String counted = changes == null
                ? "changes not known"
                : changes.number("add") + " added, " + changes.number("change") + " changed, "
                        + changes.number("remove") + " destroyed";
        return "plan `" + (digest == null ? "not saved" : digest) + "`: " + counted;
    }

    static String waiting(String outcome, String reason, Path spool) {
        return "**Terraseal: apply " + outcome + ", evidence NOT in the log yet**\n- " + reason.replace("`", "'")
                + "\n- kept in `" + spool + "`\n";
    }
}
