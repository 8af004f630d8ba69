package dev.terraseal.signer;

import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.SigningException;
import java.util.ArrayList;
import java.util.List;

/**
 * Signatures over statements each by itself, one after the other: of one key, or of each kind one. Several, because handing a
 * statement to another thread and back takes about as long as a local key needs to sign it.
 */
final class SignEach implements SigningWork {
    private final List<Admitted> statements;
    private final List<Signed> made = new ArrayList<>();
    /** Over the statement after those that are made. */
    private Signatures next;

    SignEach(List<Admitted> statements) {
        this.statements = List.copyOf(statements);
        this.next = signatures(0);
    }

    private Signatures signatures(int index) {
        Admitted statement = statements.get(index);
        return new Signatures(
                statement.signers(), Dsse.STATEMENT, statement.statement().bytes());
    }

    @Override
    public List<Admitted> statements() {
        return statements;
    }

    @Override
    public boolean exclusive() {
        return false;
    }

    /** What was made is kept over a failure that passes. */
    @Override
    public Outcome attempt() throws SigningException {
        while (made.size() < statements.size()) {
            Admitted statement = statements.get(made.size());
            made.add(Signed.alone(statement.source(), statement.statement(), next.make()));
            if (made.size() < statements.size()) {
                next = signatures(made.size());
            }
        }
        return new Finished(made);
    }
}
