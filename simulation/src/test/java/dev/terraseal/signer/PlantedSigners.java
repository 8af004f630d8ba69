package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.signer.check.RefusedEntryException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

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

    /** Takes the newest attestation for one of another log, once. The start after that goes on as if nothing had been. */
    public static Supplier<SignerVariation> refusingOnce() {
        AtomicBoolean refused = new AtomicBoolean();
        return () -> new SignerVariation() {
            @Override
            protected AttestationOutput output(AttestationOutput real) {
                return new Changed(real) {
                    @Override
                    public LogHead takeOver() throws RefusedEntryException {
                        LogHead head = super.takeOver();
                        if (head.size() > 0 && !refused.getAndSet(true)) {
                            throw new RefusedEntryException("the newest attestation is none of this log");
                        }
                        return head;
                    }
                };
            }
        };
    }

    private static class Changed implements AttestationOutput {
        private final AttestationOutput real;

        Changed(AttestationOutput real) {
            this.real = real;
        }

        @Override
        public LogHead takeOver() throws RefusedEntryException {
            return real.takeOver();
        }

        @Override
        public void commit(List<Signed> finished) throws FencedException {
            real.commit(finished);
        }

        @Override
        public void close() {
            real.close();
        }
    }

    /** Writes the statement anew instead of passing its bytes on: the members of one object in another order. */
    public static SignerVariation serialisingAgain() {
        return new SignerVariation() {
            @Override
            protected AttestationOutput output(AttestationOutput real) {
                return new Changed(real) {
                    @Override
                    public void commit(List<Signed> finished) throws FencedException {
                        super.commit(finished.stream()
                                .map(each -> new Signed(each.source(), again(each.statement()), each.signature()))
                                .toList());
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
