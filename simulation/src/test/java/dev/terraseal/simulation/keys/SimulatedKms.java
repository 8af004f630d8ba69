package dev.terraseal.simulation.keys;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.simulation.Call;
import dev.terraseal.simulation.Life;
import dev.terraseal.simulation.kafka.Calls;
import java.io.IOException;
import java.util.function.Consumer;

/** A key at a key service: throttled, silent, or silent after it signed. What it signed was signed, whoever got it. */
public final class SimulatedKms implements MessageSigner {
    private final FastKey key;
    private final Calls calls;
    private final Call call;
    private final Life life;
    private final Consumer<Bytes> onSigned;

    public SimulatedKms(FastKey key, Calls calls, Call call, Life life, Consumer<Bytes> onSigned) {
        this.key = key;
        this.calls = calls;
        this.call = call;
        this.life = life;
        this.onSigned = onSigned;
    }

    @Override
    public DeclaredKey key() {
        return key.key();
    }

    @Override
    public Bytes sign(Bytes message) throws SigningException {
        return calls.<Bytes, SigningException>make(
                life,
                call,
                () -> {
                    onSigned.accept(message);
                    return key.sign(message);
                },
                fault -> SigningException.passing(call + " met " + fault, new IOException("simulated")));
    }
}
