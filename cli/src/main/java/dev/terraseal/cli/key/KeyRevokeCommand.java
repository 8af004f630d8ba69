package dev.terraseal.cli.key;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.log.KeyChange;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing.Declaration;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code terraseal key revoke}. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Withdraws a key. With --compromised-from, what it signed from that entry on is suspect: a verification that meets",
            "such an entry fails. Without, the key only ends. The last attest or log key is never revoked: rotate first."
        },
        footer = {
            "%nExample: terraseal key revoke 9c20d1e0 --compromised-from 4711 --authority authority.pem --reason \"stolen\""
        })
final class KeyRevokeCommand implements Callable<Integer> {
    private static final int SHORTEST = 8;

    @Parameters(paramLabel = "KEY", description = "The key's id, or its first 8 characters or more.")
    String key;

    @Option(
            names = "--compromised-from",
            paramLabel = "N",
            description = "The first entry that somebody else may have signed with it.")
    @Nullable Long compromisedFrom;

    @Mixin
    ChangeOptions change = new ChangeOptions();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        change.require();
        KnownLog known = KnownLog.read(change.archive);
        SequenceNumber from = compromisedFrom == null ? null : from(compromisedFrom);
        KeyChange asked = new KeyChange(
                KeyEvent.Action.REVOKE,
                List.of(),
                List.of(new KeyEvent.Revoked(find(known), from, change.reason)),
                null,
                change.reason);
        return change.finish(
                known,
                change.sign(ChangeOptions.pending(known, asked)),
                spec.commandLine().getOut());
    }

    private static SequenceNumber from(long entry) throws CommandFailedException {
        try {
            return new SequenceNumber(entry);
        } catch (IllegalArgumentException wrong) {
            throw CommandFailedException.usage("--compromised-from: " + wrong.getMessage());
        }
    }

    private KeyId find(KnownLog known) throws CommandFailedException {
        String wanted = key.toLowerCase(Locale.ROOT);
        List<KeyId> found = known.keys().declarations().stream()
                .map(Declaration::key)
                .map(each -> each.keyid())
                .filter(id -> id.hex().startsWith(wanted))
                .toList();
        if (wanted.length() < SHORTEST || found.size() != 1) {
            throw CommandFailedException.usage("'" + key + "' names " + (found.isEmpty() ? "no key" : "no single key")
                    + " of this log; give at least " + SHORTEST + " characters of an id that terraseal key list shows");
        }
        return found.get(0);
    }
}
