package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.signer.check.RefusedEntryException;
import java.util.List;

/** Signers with one thing wrong. */
public final class PlantedSigners {
    private PlantedSigners() {}

    /** Does not ask what was signed before, but of its topic. */
    public static SignerVariation withoutFloor() {
        return new SignerVariation() {
            @Override
            protected boolean floors() {
                return false;
            }
        };
    }

    /** Signs what comes, without looking whether it follows. */
    public static SignerVariation careless() {
        return new SignerVariation() {
            @Override
            protected boolean careless() {
                return true;
            }
        };
    }

    /** Goes by the batch it made, also where an older one is kept in its place. */
    public static SignerVariation ownBatches() {
        return new SignerVariation() {
            @Override
            protected BatchShelf shelf(BatchShelf real) {
                return (first, made, keys) -> {
                    Envelope unheeded = real.keep(first, made, keys);
                    return unheeded.equals(made) ? unheeded : made;
                };
            }
        };
    }

    /** Names a batch in entries and keeps its envelope nowhere. */
    public static SignerVariation keepingNoBatch() {
        return new SignerVariation() {
            @Override
            protected BatchShelf shelf(BatchShelf real) {
                return (first, made, keys) -> made;
            }
        };
    }

    /** Writes the statement anew instead of passing its bytes on: the members of one object in another order. */
    public static SignerVariation serialisingAgain() {
        return new SignerVariation() {
            @Override
            protected AttestationOutput output(AttestationOutput real) {
                return new AttestationOutput() {
                    @Override
                    public LogHead takeOver() throws RefusedEntryException {
                        return real.takeOver();
                    }

                    @Override
                    public void commit(List<Signed> finished) throws FencedException {
                        real.commit(finished.stream()
                                .map(each -> new Signed(each.source(), again(each.statement()), each.signature()))
                                .toList());
                    }

                    @Override
                    public void close() {
                        real.close();
                    }
                };
            }
        };
    }

    private static Statement again(Statement statement) {
        String text = statement.bytes().utf8();
        return Statement.parse(Bytes.utf8(text.replace("\"name\":\"tfplan\"", "\"name\":\"tfplan \"")));
    }
}
