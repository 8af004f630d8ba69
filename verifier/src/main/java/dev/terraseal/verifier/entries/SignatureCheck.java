package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Signatures of entries, by keys in force at the entry's leaf index. Every signature that is there has to hold: a bad one
 * beside a good one is a finding too.
 */
public final class SignatureCheck {
    private final Findings findings;
    private final Layer layer;
    private final LogDeclaration log;
    private final KeyRing keys;
    private final SignatureQueue queue;
    private final BatchCheck batches;
    private final Demands demands;
    private final boolean allKeysKnown;
    private final TreeMap<String, Algorithm> used = new TreeMap<>();
    private long retired;

    /**
     * @param allKeysKnown false if key events were refused: a key that is not known may then be one of theirs, and saying
     *     so once, where it was found, is enough
     */
    public SignatureCheck(
            Findings findings,
            Layer layer,
            LogDeclaration log,
            KeyRing keys,
            SignatureQueue queue,
            Batches batches,
            Demands demands,
            boolean allKeysKnown) {
        this.findings = findings;
        this.layer = layer;
        this.log = log;
        this.keys = keys;
        this.queue = queue;
        this.batches = new BatchCheck(layer, log, batches, queue);
        this.demands = demands;
        this.allKeysKnown = allKeysKnown;
    }

    public void check(Entry entry, Statement statement) throws IOException {
        if (findings.isDecided(layer)) {
            return;
        }
        Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
        if (entry.signatures() instanceof EntrySignatures.Own own) {
            Bytes signed = Dsse.pae(Dsse.STATEMENT, entry.bytes());
            for (DsseSignature signature : own.signatures()) {
                checkOne(entry, signed, signature, KeyUse.ATTEST, algorithms);
            }
        } else if (entry.signatures() instanceof EntrySignatures.InBatch inBatch) {
            BatchCheck.Signed batch = batches.covering(entry, inBatch);
            if (batch != null && batch.isNew()) {
                for (DsseSignature signature : batch.envelope().signatures()) {
                    checkOne(entry, batch.envelope().signedBytes(), signature, KeyUse.ATTEST, algorithms);
                }
            } else if (batch != null) {
                for (DsseSignature signature : batch.envelope().signatures()) {
                    inForce(entry, signature.keyid(), KeyUse.ATTEST).ifPresent(key -> algorithms.add(key.algorithm()));
                }
            }
        }
        if (allKeysKnown) {
            require(entry, algorithms);
        }
        checkIdentity(entry, statement);
    }

    /** Waits for the signatures still being checked. */
    public void finish() throws IOException {
        queue.flush();
        batches.finish();
    }

    private void checkOne(Entry entry, Bytes signed, DsseSignature signature, KeyUse use, Set<Algorithm> algorithms) {
        Optional<DeclaredKey> key = inForce(entry, signature.keyid(), use);
        if (key.isPresent()) {
            algorithms.add(key.get().algorithm());
            queue.add(layer, entry.file(), key.get(), signed, signature.sig());
        }
    }

    private Optional<DeclaredKey> inForce(Entry entry, KeyId id, KeyUse use) {
        SequenceNumber index = entry.index();
        Optional<DeclaredKey> key = keys.inForce(use, id, index);
        if (key.isEmpty() && !allKeysKnown) {
            return key;
        }
        if (key.isEmpty()) {
            queue.found(
                    layer,
                    FindingName.UNKNOWN_KEY,
                    entry.file(),
                    "is signed by " + id + ", which is no " + use.text() + " key in force at entry " + index);
            return key;
        }
        KeyRing.Judgement judgement = keys.judge(use, id, index);
        if (judgement == KeyRing.Judgement.SUSPECT) {
            queue.found(
                    layer,
                    FindingName.SUSPECT,
                    entry.file(),
                    "is signed by " + id + ", which the log says was compromised from entry "
                            + keys.compromisedFrom(id).orElse(0) + " on");
        }
        retired += judgement == KeyRing.Judgement.VALID_KEY_LATER_RETIRED ? 1 : 0;
        if (use == KeyUse.ATTEST) {
            used.put(id.hex(), key.get().algorithm());
        }
        return key;
    }

    /** The signature of an ingest key over a verified identity (FORMATS section 2). */
    private void checkIdentity(Entry entry, Statement statement) {
        Json.Obj source = statement.source();
        if (source == null || !source.has("verified")) {
            return;
        }
        try {
            DsseSignature signature = DsseSignature.fromJson(source.object("verifiedBy"));
            Bytes payload = Json.obj()
                    .put("contentSha256", statement.contentDigest())
                    .put("genesis", log.genesis())
                    .put("verified", source.object("verified"))
                    .build()
                    .bytes();
            Bytes signed = Dsse.pae(Dsse.IDENTITY, payload);
            checkOne(entry, signed, signature, KeyUse.INGEST, EnumSet.noneOf(Algorithm.class));
            requireIssuer(entry, source.object("verified"));
        } catch (IllegalArgumentException unreadable) {
            queue.found(
                    layer,
                    FindingName.BAD_SIGNATURE,
                    entry.file(),
                    "its verified identity cannot be read: " + unreadable.getMessage());
        }
    }

    private void requireIssuer(Entry entry, Json.Obj verified) {
        // As in population.csv: what is no string names nobody.
        String issuer = verified.get("issuer") instanceof Json.Str text ? text.value() : null;
        if (!demands.issuers().isEmpty()
                && (issuer == null || !demands.issuers().contains(issuer))) {
            queue.found(
                    layer,
                    FindingName.OTHER_ISSUER,
                    entry.file(),
                    "its identity was verified for issuer " + issuer + ", which the trust file does not name");
        }
    }

    private void require(Entry entry, Set<Algorithm> algorithms) {
        if (demands.isBroken(algorithms, entry.index().value())) {
            queue.found(
                    layer,
                    FindingName.BROKEN_ALGORITHM,
                    entry.file(),
                    "is signed with " + algorithms
                            + " only, which the trust file calls broken, and nothing trusted here shows it is older"
                            + " than that");
        }
        for (Requirement requirement : demands.requirements()) {
            if (requirement.use() == KeyUse.ATTEST
                    && entry.index().value() >= requirement.from()
                    && !algorithms.containsAll(requirement.algorithms())) {
                queue.found(
                        layer,
                        FindingName.UNSIGNED,
                        entry.file(),
                        "is signed with " + algorithms + "; the trust file requires " + requirement.algorithms());
            }
        }
    }

    /** {@code attest key 9c20… ECDSA_SHA_256}, for the layer's line. */
    public String keysUsed() {
        StringBuilder out = new StringBuilder(used.size() == 1 ? "attest key" : "attest keys");
        for (var key : used.entrySet()) {
            out.append(' ').append(key.getKey(), 0, 8).append("… ").append(key.getValue());
        }
        if (retired > 0) {
            out.append(" (").append(retired).append(" by keys retired since)");
        }
        return out.toString();
    }
}
