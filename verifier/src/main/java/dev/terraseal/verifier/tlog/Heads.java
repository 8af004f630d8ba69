package dev.terraseal.verifier.tlog;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.checkpoint.VerifiedLine;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Opens signed heads under what the caller trusts. */
final class Heads {
    private final Trust trust;
    private final SignatureChecker checker;

    Heads(Trust trust, SignatureChecker checker) {
        this.trust = trust;
        this.checker = checker;
    }

    /** @throws NoteException if the note is no checkpoint that a trusted log signed with every witness asked for */
    TreeHead open(Bytes bytes, String what, Verdict verdict) throws NoteException, UncheckableException {
        return open(SignedNote.parse(bytes), what, verdict);
    }

    TreeHead open(SignedNote note, String what, Verdict verdict) throws NoteException, UncheckableException {
        List<VerifierKey> keys = new ArrayList<>(trust.logs());
        keys.addAll(trust.witnesses());
        List<VerifiedLine> lines = note.verifyKnown(keys, checker);
        Set<VerifierKey> signers = new LinkedHashSet<>();
        lines.forEach(line -> signers.add(line.key()));
        VerifierKey log = trust.logs().stream()
                .filter(signers::contains)
                .findFirst()
                .orElseThrow(() -> new NoteException(what + " has no signature line by the log's key ("
                        + trust.logs().get(0).name() + ", key id "
                        + trust.logs().get(0).keyId() + "); its lines are by "
                        + String.join(", ", names(note))));
        requireWitnesses(what, signers);
        TreeHead head = TreeHead.parse(note.text());
        String wanted = trust.origin();
        if (wanted != null && !head.origin().equals(wanted)) {
            throw new NoteException(what + " is of origin '" + head.origin() + "', not '" + wanted + "'");
        }
        report(head, log, note, lines, verdict);
        return head;
    }

    private static List<String> names(SignedNote note) {
        return note.lines().stream()
                .map(line -> line.name() + " (key id " + line.keyId() + ")")
                .toList();
    }

    private void requireWitnesses(String what, Set<VerifierKey> signers) throws NoteException {
        TlogPolicy policy = trust.policy();
        if (policy != null && !policy.isMetBy(signers)) {
            throw new NoteException(what + " does not have the cosignatures the policy's quorum asks for");
        }
        for (VerifierKey witness : trust.required()) {
            if (!signers.contains(witness)) {
                throw new NoteException(
                        what + " is not cosigned by " + witness.name() + " (key id " + witness.keyId() + ")");
            }
        }
    }

    private static void report(
            TreeHead head, VerifierKey log, SignedNote note, List<VerifiedLine> lines, Verdict verdict) {
        verdict.fact("origin", "origin", head.origin())
                .fact("size", "size", head.size())
                .fact("root", "root", head.root().base64())
                .fact("signedBy", "signed by", log.name() + " (key id " + log.keyId() + ", " + log.type() + ")");
        if (!head.origin().equals(log.name())) {
            verdict.notProven(
                    "that this key is that log's: its name is " + log.name() + ", the origin " + head.origin());
        }
        boolean seenByOthers = false;
        List<Json> cosignatures = new ArrayList<>();
        for (VerifiedLine line : lines) {
            if (line.seenAt() != null) {
                String at = Objects.toString(line.seenAt());
                // A log's own second line has the form of a cosignature, and its name.
                seenByOthers |= !line.key().name().equals(log.name())
                        && !line.key().name().equals(head.origin());
                cosignatures.add(Json.obj()
                        .put("name", line.key().name())
                        .put("keyId", line.key().keyId().hex())
                        .put("at", at)
                        .build());
                verdict.line("cosigned by", line.key().name() + " at " + at);
            }
        }
        verdict.data("cosignatures", Json.arr(cosignatures));
        int ignored = note.lines().size() - lines.size();
        verdict.data("ignoredLines", new Json.Num(ignored));
        if (ignored > 0) {
            verdict.line("", ignored + " signature line(s) by keys not given were ignored");
        }
        if (!head.extensions().isEmpty()) {
            verdict.data("extensions", Json.texts(head.extensions()));
            verdict.line("extensions", String.join(" | ", head.extensions()));
        }
        if (!seenByOthers) {
            verdict.notProven("that others see the same history: no cosignature but the log's own was checked");
        }
        verdict.notProven("that this is the newest head of the log");
    }
}
