package dev.terraseal.archiver;

import dev.terraseal.archiver.topic.KafkaCheckpointFeed;
import dev.terraseal.archiver.topic.KafkaSignedEntries;
import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.simulation.Life;
import dev.terraseal.simulation.Time;
import dev.terraseal.simulation.kafka.Calls;
import dev.terraseal.store.ArchiveStore;
import java.util.function.UnaryOperator;

/**
 * One process of the archiver. What it runs is production: {@link KafkaSignedEntries}, {@link KafkaCheckpointFeed}, {@link
 * Archiver} and all below.
 */
public final class SimulatedArchiver {
    private final Given given;
    private Archiver archiver;

    /** What a process is given. */
    public record Given(
            KafkaConnection kafka,
            Calls calls,
            Life life,
            Time time,
            LogDeclaration log,
            ArchiveStore store,
            MessageSigner logKey,
            SignatureChecker checker,
            ArchiverConfig.Limits limits,
            UnaryOperator<SignedEntries> entries) {}

    public SimulatedArchiver(Given given) {
        this.given = given;
    }

    /** Takes up the archive, or takes what the stream has and archives what is due. */
    public void turn() throws Exception {
        if (archiver == null) {
            start();
        }
        archiver.turn();
    }

    private void start() {
        ArchiverProgress progress = new ArchiverProgress();
        Patience patience = new Patience(
                duration -> {
                    given.calls().idle(given.life(), duration.toMillis());
                    return true;
                },
                progress);
        archiver = new Archiver(
                new Archiver.Parts(
                        given.log(),
                        given.store(),
                        KeyInForce.only(given.logKey()),
                        given.checker(),
                        Runnable::run,
                        Runnable::run,
                        given.entries().apply(new KafkaSignedEntries(given.kafka(), 0, given.time())),
                        new KafkaCheckpointFeed(given.kafka(), 0, given.log().origin(), patience, given.time()),
                        patience,
                        progress,
                        given.time(),
                        () -> false),
                given.limits());
    }
}
