package dev.terraseal.archiver.recovery;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.Heads;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.core.statement.StatementIdentity;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.util.Optional;

/** What heads entries commit to: the file of the digest that the statement names, and no other of that name. */
final class HeadsFiles {
    private final ArchiveReader store;

    HeadsFiles(ArchiveReader store) {
        this.store = store;
    }

    /** Empty if it is no heads entry, or its file is not there. */
    Optional<Heads> of(Bytes statement) throws StoreException {
        StatementIdentity identity = StatementIdentity.scan(statement);
        // Nearly all entries are others, and a whole parse costs.
        Optional<Digest> digest = identity.stream().equals(StreamId.LOG) ? digest(statement) : Optional.empty();
        if (digest.isEmpty()) {
            return Optional.empty();
        }
        Optional<Bytes> file = store.read(ArchiveNames.heads(identity.sequence()), Validity.sha256(digest.get()))
                .map(Stored::content);
        try {
            return file.map(Heads::parseFile);
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    static Optional<Digest> digest(Bytes statement) {
        try {
            Statement parsed = Statement.parse(statement);
            return parsed.type() != PredicateType.HEADS
                    ? Optional.empty()
                    : Optional.of(
                            parsed.subjects().objects().get(0).object("digest").digest("sha256"));
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }
}
