package dev.terraseal.verifier.bundle;

import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;

/** Takes key events into a ring, one after the other. */
public final class KeyEventJudge {
    private KeyEventJudge() {}

    /** The ring after one key event, or the same ring and a finding if it must not be believed. */
    public static KeyRing apply(
            KeyRing ring, Entry entry, Statement statement, Findings findings, SignatureQueue queue) {
        try {
            return ring.apply(KeyEvent.fromBody(statement.body()), entry.index(), queue.checker());
        } catch (KeyRing.UnauthorisedException | IllegalArgumentException refused) {
            findings.add(
                    Layer.KEY_EVENTS,
                    FindingName.BAD_KEY_EVENT,
                    entry.file(),
                    "entry " + entry.index() + ": " + refused.getMessage());
        } catch (UncheckableException unknown) {
            findings.add(
                    Layer.KEY_EVENTS, FindingName.NOT_CHECKABLE, entry.file(), String.valueOf(unknown.getMessage()));
        }
        return ring;
    }
}
