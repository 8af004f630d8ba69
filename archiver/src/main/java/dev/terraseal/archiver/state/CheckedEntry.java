package dev.terraseal.archiver.state;

import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchivedEntry;
import org.jspecify.annotations.Nullable;

/**
 * An entry that extends the log and is signed.
 *
 * @param heads what a heads entry commits to, derived again; null for every other entry
 */
public record CheckedEntry(
        ArchivedEntry entry, Statement statement, @Nullable Heads heads) {}
