package dev.terraseal.signer;

import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.SigningException;
import java.util.List;

/** Signatures over one statement: of one key, or of each kind one. */
final class SignAlone implements SigningWork {
    private final Admitted statement;
    private final Signatures signatures;

    SignAlone(Admitted statement) {
        this.statement = statement;
        this.signatures = new Signatures(
                statement.signers(), Dsse.STATEMENT, statement.statement().bytes());
    }

    @Override
    public List<Admitted> statements() {
        return List.of(statement);
    }

    @Override
    public boolean exclusive() {
        return false;
    }

    @Override
    public Outcome attempt() throws SigningException {
        return new Finished(List.of(Signed.alone(statement.source(), statement.statement(), signatures.make())));
    }
}
