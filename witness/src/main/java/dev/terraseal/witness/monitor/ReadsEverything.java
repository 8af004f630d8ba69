package dev.terraseal.witness.monitor;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.tiles.TileReader;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.Stored;
import dev.terraseal.verifier.bundle.CheckpointLayer;
import dev.terraseal.witness.Answer;
import dev.terraseal.witness.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cosigns only what a {@link Monitor} has read to the end: the statements, not only their hashes. */
public final class ReadsEverything implements Condition, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadsEverything.class);

    /** What a restart may read again; a commit costs as much as reading a few hundred entries. */
    private static final long COMMIT_AFTER = 2_048;

    private final LogDeclaration log;
    private final ArchiveReader archive;
    private final ArchivedStatements statements;
    private final SignatureChecker checker;
    private final Monitor monitor;

    private ReadsEverything(
            LogDeclaration log,
            ArchiveReader archive,
            ArchivedStatements statements,
            SignatureChecker checker,
            Monitor monitor) {
        this.log = log;
        this.archive = archive;
        this.statements = statements;
        this.checker = checker;
        this.monitor = monitor;
    }

    /**
     * Takes up the log of that genesis.
     *
     * @param archive closed with what is returned
     * @param place where it remembers how far it came
     */
    public static ReadsEverything of(ArchiveReader archive, Digest genesis, SignatureChecker checker, Path place)
            throws IOException {
        Stored declared = archive.read(
                        ArchiveNames.LOG, content -> Digest.of(content).equals(genesis))
                .orElseThrow(() -> new IOException("the archive holds no log.json with genesis " + genesis
                        + ": give the archive of that log, or its own genesis"));
        LogDeclaration log = LogDeclaration.parse(declared.content());
        ArchivedStatements statements = new ArchivedStatements(archive);
        Monitor monitor = Monitor.open(new Monitor.From(log, statements, checker, COMMIT_AFTER), place);
        return new ReadsEverything(log, archive, statements, checker, monitor);
    }

    /** Up to which entry everything was read and holds. */
    public long size() {
        return monitor.size();
    }

    @Override
    public Optional<Answer> refusal(SignedNote note, TreeHead head) {
        try {
            if (head.size() < monitor.size()) {
                return compare(head, monitor.tree(head.size()).root());
            }
            Monitor.Outcome outcome = monitor.readTo(head.size());
            if (outcome instanceof Monitor.Outcome.NotYet missing) {
                return Optional.of(Answer.later("entry " + missing.next() + " is not in the archive yet"));
            }
            if (outcome instanceof Monitor.Outcome.Broken broken) {
                return refused(broken.why());
            }
            Optional<Answer> other = compare(head, monitor.root());
            if (other.isPresent()) {
                return other;
            }
            Optional<String> suspicion =
                    CheckpointLayer.open(note, log, monitor.keys(), checker).suspicion();
            if (suspicion.isPresent()) {
                return refused("the checkpoint is " + suspicion.get());
            }
            monitor.commit();
            return Optional.empty();
        } catch (NoteException notInForce) {
            return Optional.of(new Answer.Refused(403, String.valueOf(notInForce.getMessage())));
        } catch (UncheckableException | ProofException | IOException | UncheckedIOException notNow) {
            LOG.warn("action=read result=waits reason=\"{}\"", notNow.getMessage());
            return Optional.of(Answer.later("the log could not be read on: " + notNow.getMessage()));
        }
    }

    private Optional<Answer> compare(TreeHead head, Digest root) {
        return head.root().equals(root)
                ? Optional.empty()
                : refused("the entries of the archive give root " + root.base64() + " at size " + head.size()
                        + ", the checkpoint says " + head.root().base64());
    }

    private Optional<Answer> refused(String why) {
        LOG.error("action=read origin={} result=refused reason=\"{}\"", log.origin(), why);
        return Optional.of(new Answer.Refused(422, "the log's entries do not hold: " + why));
    }

    @Override
    public boolean isWithin(TreeHead smaller, TreeHead larger) {
        try {
            return wasRead(larger) && wasRead(smaller);
        } catch (ProofException | UncheckedIOException notThere) {
            LOG.warn("action=compare result=failed reason=\"{}\"", notThere.getMessage());
            return false;
        }
    }

    private boolean wasRead(TreeHead head) throws ProofException {
        return head.size() <= monitor.size() && monitor.tree(head.size()).root().equals(head.root());
    }

    /** From the entries that were read where these are the larger tree's, else from the archive's tiles. */
    @Override
    public List<Digest> prefix(TreeHead larger, long size) {
        try {
            Proofs tree = wasRead(larger)
                    ? monitor.tree(larger.size())
                    : new Proofs(new TileReader(statements, larger.size()), larger.size());
            return tree.prefix(size);
        } catch (ProofException | UncheckedIOException notThere) {
            LOG.warn("action=prove result=failed reason=\"{}\"", notThere.getMessage());
            return List.of();
        }
    }

    @Override
    public LogDeclaration declaration() {
        return log;
    }

    @Override
    public void close() throws IOException {
        monitor.close();
        archive.close();
    }
}
