package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.entries.Batches;
import dev.terraseal.verifier.entries.ChainCheck;
import dev.terraseal.verifier.entries.Demands;
import dev.terraseal.verifier.entries.Entry;
import dev.terraseal.verifier.entries.SignatureCheck;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.entries.Workers;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which version of a segment counts: the oldest that extends the chain and is signed. Asked only where several lie under
 * one name, or where nothing signed by the log says that there has to be one.
 */
final class SegmentVersions {
    private final ArchiveFiles archive;
    private final Findings findings;
    private final LogDeclaration log;
    private final KeyRing keys;
    private final SignatureChecker checker;
    private final Batches batches;

    SegmentVersions(
            ArchiveFiles archive,
            Findings findings,
            LogDeclaration log,
            KeyRing keys,
            SignatureChecker checker,
            Batches batches) {
        this.archive = archive;
        this.findings = findings;
        this.log = log;
        this.keys = keys;
        this.checker = checker;
        this.batches = batches;
    }

    /**
     * Whether a version of the segment extends the log, which then counts.
     *
     * @param before entry hash of the entry before, or the genesis
     */
    boolean settle(String name, long first, Digest before) throws IOException {
        int versions = archive.files().versions(name);
        for (int i = 0; i < versions; i++) {
            Bytes content = archive.files().version(name, i);
            if (follows(name, content, first, before) && signed(name, content, first)) {
                archive.files().count(name, i);
                requireOneHistory(name, first, content, i);
                return true;
            }
        }
        return false;
    }

    /** Whether any version is signed by this log's keys, whatever it is chained to. */
    boolean anySigned(String name, long first) throws IOException {
        for (int i = 0; i < archive.files().versions(name); i++) {
            if (signed(name, archive.files().version(name, i), first)) {
                return true;
            }
        }
        return false;
    }

    /** Another version may repeat what counts or cut it elsewhere; signed over other statements it is a fork. */
    private void requireOneHistory(String name, long first, Bytes counts, int index) throws IOException {
        for (int i = 0; i < archive.files().versions(name); i++) {
            Bytes other = archive.files().version(name, i);
            if (i != index && !other.equals(counts) && signed(name, other, first) && differ(name, counts, other)) {
                findings.add(
                        Layer.CHAIN,
                        FindingName.TWO_HISTORIES,
                        name,
                        name + " has two versions with other statements, both signed by this log's keys");
            }
        }
    }

    private boolean differ(String name, Bytes one, Bytes two) throws IOException {
        List<Entry> left = Segments.parse(name, one, 0);
        List<Entry> right = Segments.parse(name, two, 0);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!left.get(i).bytes().equals(right.get(i).bytes())) {
                return true;
            }
        }
        return false;
    }

    private boolean follows(String name, Bytes content, long first, Digest before) {
        return entries(name, content, first)
                .flatMap(entries -> statement(entries.get(0)))
                .filter(statement -> statement.link().prevHash().equals(before))
                .isPresent();
    }

    /** Whether the entries are chained among themselves and every signature of them holds. */
    private boolean signed(String name, Bytes content, long first) throws IOException {
        Optional<List<Entry>> entries = entries(name, content, first);
        if (entries.isEmpty()) {
            return false;
        }
        Findings own = new Findings(false);
        try (Workers workers = new Workers()) {
            SignatureQueue queue = new SignatureQueue(own, checker, workers);
            ChainCheck chain = new ChainCheck(own, log, first);
            SignatureCheck signatures =
                    new SignatureCheck(own, Layer.SIGNATURES, log, keys, queue, batches, Demands.NONE, true);
            for (Entry entry : entries.get()) {
                Statement statement = chain.check(entry);
                if (statement == null) {
                    return false;
                }
                signatures.check(entry, statement);
                chain.advance(entry, statement);
            }
            signatures.finish();
        } catch (MalformedException notOurs) {
            return false;
        }
        return !own.anyFailure();
    }

    private static Optional<List<Entry>> entries(String name, Bytes content, long first) {
        try {
            return Optional.of(Segments.parse(name, content, first));
        } catch (MalformedException notOne) {
            return Optional.empty();
        }
    }

    private static Optional<Statement> statement(@Nullable Entry entry) {
        try {
            return entry == null ? Optional.empty() : Optional.of(Statement.parse(entry.bytes()));
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }
}
