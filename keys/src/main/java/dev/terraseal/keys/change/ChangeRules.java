package dev.terraseal.keys.change;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.KeyChange;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.KeyRing.UnauthorisedException;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What a change must not do, found before it is signed: every stage would accept it, and the log could not go on. Judged by
 * the keys as the archive shows them.
 */
public final class ChangeRules {
    /** What a log cannot be without. The others only stop what they are for. */
    private static final List<KeyUse> NEEDED = List.of(KeyUse.ATTEST, KeyUse.LOG);

    private final KeyRing keys;
    private final SequenceNumber next;

    /**
     * @param keys now
     * @param next the leaf index the change would have
     */
    public ChangeRules(KeyRing keys, SequenceNumber next) {
        this.keys = keys;
        this.next = next;
    }

    /** @throws IllegalArgumentException with the reason and what to do instead */
    public void require(KeyChange change) {
        change.keys().forEach(this::requireFits);
        for (KeyEvent.Revoked revoked : change.revoked()) {
            if (keys.declared(revoked.keyid()).isEmpty()) {
                throw new IllegalArgumentException(
                        "the log never declared key " + revoked.keyid() + "; terraseal key list shows the keys it has");
            }
            requireSaysMore(revoked);
        }
        if (change.action() == KeyEvent.Action.ROTATE) {
            NEEDED.forEach(use -> requireEachKind(change, use));
        }
        Rehearsal after = new Rehearsal(keys, change, next.value());
        NEEDED.forEach(use -> requireLeft(after, use));
        requireThreshold(after);
    }

    /** Everywhere above the change, for keys begin and end there too: a log ends at the first entry nobody may sign. */
    private void requireLeft(Rehearsal after, KeyUse use) {
        for (long place : after.places(use)) {
            if (carrying(after, use, place) == 0) {
                throw new IllegalArgumentException("no " + use.text() + " key would be left in force from entry "
                        + place + " on" + ended(after, use, place)
                        + ", and nothing could ever be signed again. Rotate first (terraseal key rotate --use "
                        + use.text() + "), then revoke the old key");
            }
        }
    }

    private void requireThreshold(Rehearsal after) {
        int threshold = keys.log().authorityThreshold();
        for (long place : after.places(KeyUse.AUTHORITY)) {
            if (carrying(after, KeyUse.AUTHORITY, place) < threshold) {
                throw new IllegalArgumentException("fewer than " + threshold
                        + " authority keys would be left in force from entry " + place + " on"
                        + ended(after, KeyUse.AUTHORITY, place)
                        + ", and that many must sign every change of keys. Add another first"
                        + " (terraseal key add --use authority)");
            }
        }
    }

    /** An end above the change is that of an earlier one: whoever reads it has to be told which key it is about. */
    private String ended(Rehearsal after, KeyUse use, long place) {
        List<KeyId> ending = after.ending(use, place);
        return place == next.value() + 1 || ending.isEmpty()
                ? ""
                : ", where " + ending.stream().map(KeyId::hex).collect(Collectors.joining(", ")) + " ends";
    }

    /** Nothing lifts what an earlier revocation made suspect: whoever asks for that is told before anything is signed. */
    private void requireSaysMore(KeyEvent.Revoked revoked) {
        OptionalLong before = keys.compromisedFrom(revoked.keyid());
        SequenceNumber from = revoked.compromisedFrom();
        if (before.isPresent() && (from == null || from.value() >= before.getAsLong())) {
            throw new IllegalArgumentException("the log says already that key " + revoked.keyid()
                    + " was compromised from entry " + before.getAsLong()
                    + ", and no later revocation lifts that or moves it up; only an earlier entry can be named"
                    + " (--compromised-from N, below " + before.getAsLong() + ")");
        }
    }

    /** A rotation ends every key of its use: where two kinds sign together, the other kind's signature would be gone. */
    private void requireEachKind(KeyChange change, KeyUse use) {
        List<Boolean> brought = change.keys().stream()
                .filter(each -> each.key().use() == use)
                .map(each -> each.key().algorithm().isPostQuantum())
                .toList();
        List<List<DeclaredKey>> kinds = keys.signingTogether(use, next);
        for (List<DeclaredKey> kind : kinds) {
            DeclaredKey ended = kind.get(0);
            if (kinds.size() > 1
                    && !brought.isEmpty()
                    && !brought.contains(ended.algorithm().isPostQuantum())) {
                throw new IllegalArgumentException("the rotation would end also " + ended.keyid() + ", the "
                        + ended.algorithm()
                        + " key, and nothing would carry a signature of its kind any more. Bring the"
                        + " new key in by terraseal key add --use " + use.text()
                        + ", then withdraw the one it replaces:"
                        + " terraseal key revoke KEY");
            }
        }
    }

    private void requireFits(KeyEvent.NewKey added) {
        KeyUse use = added.key().use();
        if (use == KeyUse.WITNESS || use == KeyUse.MONITOR) {
            throw new IllegalArgumentException(
                    "keys of a " + use.text() + " are its own and not this log's: name it in the trust file instead");
        }
        if (use == KeyUse.LOG
                && added.key().algorithm() != Algorithm.ED25519_SHA_512
                && added.key().algorithm() != Algorithm.ML_DSA_44) {
            throw new IllegalArgumentException(
                    "the new log key is " + added.key().algorithm()
                            + ", but checkpoints are notes signed with ED25519_SHA_512; give an Ed25519 key, or for a second"
                            + " line beside it one of ML_DSA_44");
        }
        if (use == KeyUse.EXPORT
                && added.key().algorithm() != Algorithm.ECDSA_SHA_256
                && added.key().algorithm() != Algorithm.RSASSA_PKCS1_V1_5_SHA_256) {
            throw new IllegalArgumentException(
                    "the new export key is " + added.key().algorithm()
                            + ", but bundles are sealed so that openssl dgst -verify checks them; give P-256 or"
                            + " RSASSA_PKCS1_V1_5_SHA_256");
        }
        if (keys.declared(added.key().keyid()).isPresent()) {
            throw new IllegalArgumentException(
                    "the log has key " + added.key().keyid() + " already: a key has one use, once; make a new one");
        }
    }

    /** Keys of a use in force at a place; of the log's those without which a note is no checkpoint. */
    private static long carrying(Rehearsal after, KeyUse use, long place) {
        return after.inForce(use, place).stream().filter(ChangeRules::carries).count();
    }

    private static boolean carries(DeclaredKey key) {
        return key.use() != KeyUse.LOG || key.algorithm() == Algorithm.ED25519_SHA_512;
    }

    /**
     * Whether the log will accept it with the signatures it carries.
     *
     * @throws UnauthorisedException if not, with what is missing
     */
    public void requireAuthorised(PendingChange change, SignatureChecker checker)
            throws UnauthorisedException, UncheckableException {
        if (change.signatures().isEmpty()) {
            throw new UnauthorisedException("nobody signed it");
        }
        KeyRing after = keys.apply(change.event(), next, checker);
        if (after.events() != keys.events() + 1) {
            throw new IllegalStateException("a key event must change the ring");
        }
    }
}
