package dev.terraseal.simulation;

import dev.terraseal.archiver.ArchiverConfig;
import dev.terraseal.archiver.SimulatedArchiver;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.kafka.KafkaClients;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.sequencer.SimulatedTask;
import dev.terraseal.signer.SimulatedSigner;
import dev.terraseal.simulation.Defect.Stage;
import dev.terraseal.simulation.Processes.Process;
import dev.terraseal.simulation.kafka.Calls;
import dev.terraseal.simulation.kafka.GroupMember;
import dev.terraseal.simulation.kafka.SimulatedKafka;
import dev.terraseal.simulation.kafka.StageCalls;
import dev.terraseal.simulation.keys.FastKey;
import dev.terraseal.simulation.keys.SimulatedKms;
import dev.terraseal.simulation.store.SimulatedStore;
import java.io.IOException;
import java.time.Duration;

/** Puts a stage's production classes together over the stand-ins, as its service does over the real things. */
final class Assembly {
    private final Site site;
    private final Calls calls;
    private final FastKey attest = EventPool.ATTEST.fresh();
    private final long[] archiverMemory = {0};
    private int processId;
    private int lives;

    Assembly(Site site, Calls calls) {
        this.site = site;
        this.calls = calls;
    }

    /** The sequencer's next process finds no state of its own. */
    void loseSequencerState() {
        processId++;
    }

    Process start(Stage stage) {
        Life life = new Life(stage + "-" + ++lives);
        SimulatedKafka simulated = new SimulatedKafka(site.broker(), calls, calls(stage), life, site.chance());
        KafkaClients clients = site.defect().clients(stage, simulated, lives);
        KafkaConnection kafka = SimulatedKafka.connection(clients);
        return switch (stage) {
            case INGEST -> new Process(life, () -> {}, new IngestProcess(kafka, site.pool(), site.defect()));
            case SEQUENCER -> new Process(life, sequencer(kafka, life)::turn, null);
            case SIGNER -> new Process(life, signer(kafka, life)::turn, null);
            case ARCHIVER -> new Process(life, archiver(kafka, life)::turn, null);
        };
    }

    private static StageCalls calls(Stage stage) {
        return switch (stage) {
            case INGEST -> StageCalls.INGEST;
            case SEQUENCER -> StageCalls.SEQUENCER;
            case SIGNER -> StageCalls.SIGNER;
            case ARCHIVER -> StageCalls.ARCHIVER;
        };
    }

    private SimulatedTask sequencer(KafkaConnection kafka, Life life) {
        return new SimulatedTask(new SimulatedTask.Given(
                kafka,
                new GroupMember(site.broker()),
                calls,
                life,
                site.chance(),
                site.time(),
                EventPool.LOG,
                EventPool.CHECKER,
                site.pool().decoder()::decode,
                processId,
                site::archived,
                site.defect().sequencer()));
    }

    private SimulatedSigner signer(KafkaConnection kafka, Life life) {
        return new SimulatedSigner(new SimulatedSigner.Given(
                kafka,
                calls,
                life,
                site.chance(),
                site.time(),
                EventPool.LOG,
                new SimulatedKms(attest, calls, Call.SIGNER_SIGN, life, site.evidence()::attested),
                EventPool.CHECKER,
                new SimulatedStore(site.objects(), calls, life, site.chance(), false, Call.SIGNER_KEEP),
                site::floorFile,
                head -> remember(life, head),
                site.defect().signer()));
    }

    /** A file that could not be written is a weaker warning and no reason to stop. */
    private void remember(Life life, LogHead head) {
        try {
            calls.<Boolean, IOException>make(
                    life,
                    Call.SIGNER_FLOOR,
                    () -> {
                        site.remember(head);
                        return true;
                    },
                    fault -> new IOException("disk"));
        } catch (IOException lost) {
            site.trace().add(1);
        }
    }

    private SimulatedArchiver archiver(KafkaConnection kafka, Life life) {
        return new SimulatedArchiver(new SimulatedArchiver.Given(
                kafka,
                calls,
                life,
                site.time(),
                EventPool.LOG,
                site.defect()
                        .store(new SimulatedStore(
                                site.objects(),
                                calls,
                                life,
                                site.chance(),
                                site.temper().lies() && !site.calm(),
                                Call.ARCHIVER_KEEP)),
                new SimulatedKms(EventPool.LOG_KEY, calls, Call.ARCHIVER_SIGN, life, site.evidence()::noted),
                EventPool.CHECKER,
                new ArchiverConfig.Limits(
                        Duration.ofMillis(site.calm() ? 0 : site.chance().below(3) * 1_500L),
                        1 + site.chance().below(site.temper().aged() ? 60 : 24),
                        1 << 20,
                        Duration.ofSeconds(60)),
                entries -> site.defect().entries(entries, archiverMemory)));
    }
}
