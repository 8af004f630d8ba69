package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.SigningException;
import java.util.List;

/** A signature over one statement. */
record SignAlone(Admitted statement) implements SigningWork {
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
        Bytes signature = statement
                .signer()
                .sign(Dsse.pae(Dsse.STATEMENT, statement.statement().bytes()));
        return new Finished(List.of(Signed.alone(
                statement.source(),
                statement.statement(),
                statement.signer().key().keyid(),
                signature)));
    }
}
