package dev.terraseal.signer;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.Floor;
import dev.terraseal.signer.check.RefusedEntryException;
import dev.terraseal.simulation.Chance;
import dev.terraseal.simulation.Life;
import dev.terraseal.simulation.Time;
import dev.terraseal.simulation.kafka.Calls;
import dev.terraseal.store.ArchiveStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One process of the signer. What it runs is production: {@link KafkaAttestationOutput}, {@link KafkaEntryInput}, {@link
 * CheckpointFloor}, {@link SigningLoop} and all below. Calls to the key come back in any order.
 */
public final class SimulatedSigner {
    private static final int SCHEMA = 5;

    private final Given given;
    private final List<Runnable> calls = new ArrayList<>();
    private final List<Runnable> commits = new ArrayList<>();
    private SigningLoop loop;
    private AttestationOutput output;
    private EntryInput input;
    private LogHead careless;

    /**
     * What a process is given.
     *
     * @param floor what the file beside Kafka says was signed, null if nothing
     * @param onCommitted keeps that file
     */
    public record Given(
            KafkaConnection kafka,
            Calls calls,
            Life life,
            Chance chance,
            Time time,
            LogDeclaration log,
            MessageSigner key,
            SignatureChecker checker,
            ArchiveStore store,
            Supplier<LogHead> floor,
            Consumer<LogHead> onCommitted,
            SignerVariation variation) {}

    public SimulatedSigner(Given given) {
        this.given = given;
    }

    /** Takes over, or does the next thing there is to do. */
    public void turn() throws Exception {
        if (output == null) {
            start();
        } else if (given.variation().careless()) {
            signUnchecked();
        } else {
            answerSome();
            commitSome();
            loop.turn();
        }
    }

    private void start() throws RefusedEntryException {
        AttestationOutput real = new KafkaAttestationOutput(given.kafka(), 0, given.log(), SCHEMA, given.time());
        input = new KafkaEntryInput(given.kafka(), "signer", 0, given.time());
        SigningLoop.Ports ports = new SigningLoop.Ports(
                input,
                given.variation().output(real),
                this::floors,
                given.variation().shelf(new ArchivedBatches(given.store(), given.log(), given.checker(), given.time())),
                this::call,
                this::commit,
                given.time(),
                pause -> {
                    given.calls().idle(given.life(), pause.toMillis());
                    return true;
                },
                Duration.ZERO);
        loop = new SigningLoop(
                given.log(),
                ports,
                new AttestKeys(given.log(), KeyInForce.only(given.key()), given.checker()),
                form(),
                new SigningWindow.Limits(
                        1 + given.chance().below(12),
                        1 << 20,
                        1 + given.chance().below(4)),
                given.onCommitted());
        output = given.variation().output(real);
    }

    /** Each process chooses anew: an operator may change the setting at any restart. */
    private SigningForm form() {
        Chance chance = given.chance();
        SigningForm.Mode mode = chance.of(List.of(SigningForm.Mode.values()));
        return new SigningForm(mode, 1 + chance.below(40), 2 + chance.below(8), Duration.ofMillis(chance.below(100)));
    }

    private List<Floor> floors(KeyRing keys) throws RefusedEntryException {
        List<Floor> floors = new ArrayList<>();
        if (given.variation().floors()) {
            LogHead kept = given.floor().get();
            if (kept != null) {
                floors.add(new Floor.ByHash(kept.size(), kept.newest(), "the file beside Kafka"));
            }
            CheckpointFloor.read(given.kafka(), 0, keys, given.checker(), given.time())
                    .ifPresent(floors::add);
        }
        return floors;
    }

    private void call(Runnable task) {
        if (given.calls().calm() || given.chance().below(3) == 0) {
            task.run();
        } else {
            calls.add(task);
        }
    }

    /** Some of the calls to the key that are under way end, in any order. */
    private void answerSome() {
        int answered = given.calls().calm() ? calls.size() : given.chance().below(calls.size() + 1);
        for (int i = 0; i < answered; i++) {
            calls.remove(given.chance().below(calls.size())).run();
        }
    }

    /** A transaction runs beside the loop: it is over at once, or the loop has some turns meanwhile. */
    private void commit(Runnable transaction) {
        if (given.calls().calm() || given.chance().below(2) == 0) {
            transaction.run();
        } else {
            commits.add(transaction);
        }
    }

    private void commitSome() {
        if (!commits.isEmpty() && (given.calls().calm() || given.chance().below(2) == 0)) {
            commits.remove(0).run();
        }
    }

    private void signUnchecked() throws Exception {
        if (careless == null) {
            careless = output.takeOver();
            input.seek(new SequenceNumber(careless.size()));
        }
        List<Signed> signed = new ArrayList<>();
        for (Entry entry : input.poll(Duration.ZERO)) {
            signed.add(signed(entry));
        }
        if (!signed.isEmpty()) {
            output.commit(signed);
        }
    }

    private Signed signed(Entry entry) throws SigningException {
        return Signed.alone(
                entry.source(),
                Statement.parse(entry.statement()),
                List.of(new DsseSignature(
                        given.key().key().keyid(), given.key().sign(Dsse.pae(Dsse.STATEMENT, entry.statement())))));
    }
}
