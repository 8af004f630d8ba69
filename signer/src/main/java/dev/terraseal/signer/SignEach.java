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
    private final List<Signatures> signatures = new ArrayList<>();
    private final List<Signed> made = new ArrayList<>();

    SignEach(List<Admitted> statements) {
        this.statements = List.copyOf(statements);
        for (Admitted each : statements) {
            signatures.add(new Signatures(
                    each.signers(), Dsse.STATEMENT, each.statement().bytes()));
        }
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
            Admitted next = statements.get(made.size());
            made.add(Signed.alone(
                    next.source(), next.statement(), signatures.get(made.size()).make()));
        }
        return new Finished(made);
    }
}
