package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Rejection;
import dev.terraseal.core.statement.RejectionReason;
import dev.terraseal.schemas.DecodedEvent;
import dev.terraseal.schemas.registry.RegistryUnavailableException;
import dev.terraseal.sequencer.start.StartDecision;
import dev.terraseal.sequencer.start.StartFacts;
import dev.terraseal.sequencer.state.Chunk;
import dev.terraseal.sequencer.state.ChunkCodec;
import dev.terraseal.sequencer.state.Decision;
import dev.terraseal.sequencer.state.LogState;
import java.util.Queue;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log's events, in the order the broker has them. All the thinking is in {@link LogState}; this class finds the
 * state again, hands each event over, and writes what came of it.
 *
 * <p>Streams calls {@link #init} again on the same object after an abort, so nothing survives it: what an aborted
 * transaction left in a field would be a chain nobody has.
 */
final class SequenceProcessor implements Processor<byte[], byte[], OutputKey, byte[]> {
    /** Chunks written with one event while a rebuilt store catches up: some 2 MB, well within a transaction's 10 s. */
    private static final int CHUNKS_AT_ONCE = 256;

    private static final Logger LOG = LoggerFactory.getLogger(SequenceProcessor.class);

    private final Shared shared;
    private final EventReading reading;
    private @Nullable Running running;
    private @Nullable ChunkBacklog unwritten;

    /**
     * What all tasks share.
     *
     * @param logs the log of each partition
     */
    record Shared(
            Logs logs,
            LogTopics topics,
            SchemaIds schemas,
            SignatureChecker checker,
            Failures failures,
            RegistryPause pause,
            SequencerProgress progress) {}

    /** Which log is on which partition, by configuration. */
    @FunctionalInterface
    interface Logs {
        LogDeclaration on(int partition);
    }

    /** Waits a little before the registry is asked again; much less than the 10 s a transaction may take. */
    @FunctionalInterface
    interface RegistryPause {
        void await() throws InterruptedException;
    }

    /**
     * Everything {@link #init} finds; replaced as a whole.
     *
     * @param backlog chunks of entries that the store lacked at the start
     * @param outdated keys of chunks that another version of this program wrote, to be deleted before any is written
     */
    private record Running(
            ProcessorContext<OutputKey, byte[]> context,
            KeyValueStore<byte[], byte[]> store,
            Outputs outputs,
            LogState state,
            ChunkBacklog backlog,
            Queue<byte[]> outdated) {}

    SequenceProcessor(Shared shared, EventReading reading) {
        this.shared = shared;
        this.reading = reading;
    }

    @Override
    public void init(ProcessorContext<OutputKey, byte[]> context) {
        close();
        long begin = System.nanoTime();
        int partition = context.taskId().partition();
        LogDeclaration declaration = shared.logs().on(partition);
        LogState state = new LogState(declaration, shared.topics().ids(), shared.checker());
        KeyValueStore<byte[], byte[]> store = context.getStateStore(SequencerTopology.CHUNKS);
        Queue<byte[]> outdated = StoredChunks.outdated(store);
        Chunk newest = outdated.isEmpty() ? StoredChunks.restore(store, state, Long.MAX_VALUE) : null;
        long restored = System.nanoTime();
        StartFacts facts = facts(partition, newest, state.keys());
        requireGoOn(StartDecision.of(facts));
        if (facts.storeIsAhead()) {
            // The chunks beyond the log are made again, and written again under the same keys.
            state = new LogState(declaration, shared.topics().ids(), shared.checker());
            newest = StoredChunks.restore(store, state, facts.next());
            facts = facts(partition, newest, state.keys());
            requireGoOn(StartDecision.of(facts));
        }
        long asked = System.nanoTime();
        long stored = state.head().size();
        int keyEvents = state.keys().events();
        LogState found = state;
        ChunkBacklog backlog = new ChunkBacklog(() -> context.stateDir().toPath());
        unwritten = backlog;
        shared.topics().readFrom(partition, stored, entry -> {
            found.replay(entry);
            backlog.take(found.unwritten());
        });
        if (state.head().size() != facts.next()) {
            throw new SequencerStoppedException(
                    "terraseal.sequenced ended at size " + state.head().size() + " where size " + facts.next()
                            + " was seen a moment before: another sequencer writes this log. Run one of them",
                    null);
        }
        if (state.keys().events() > keyEvents) {
            // A checkpoint under a key that these entries brought could not be told from a forged one before.
            requireGoOn(StartDecision.of(facts(partition, newest, state.keys())));
        }
        shared.progress().index(state.ids().size(), state.ids().heapBytes(), state.streamCount());
        running = new Running(context, store, new Outputs(context, shared.schemas()), state, backlog, outdated);
        LOG.info(
                "action=ready log={} partition={} size={} newest={} fromStore={} outdated={} streams={} restore_ms={} facts_ms={} replay_ms={}",
                declaration.origin(),
                partition,
                state.head().size(),
                state.head().newest(),
                stored,
                outdated.size(),
                state.streamCount(),
                (restored - begin) / 1_000_000,
                (asked - restored) / 1_000_000,
                (System.nanoTime() - asked) / 1_000_000);
    }

    private StartFacts facts(int partition, @Nullable Chunk newest, KeyRing keys) {
        return shared.topics()
                .facts(
                        partition,
                        newest == null
                                ? null
                                : new StartFacts.Stored(
                                        newest.next(), newest.nextSource(), newest.newest(), newest.topics()),
                        keys);
    }

    private static void requireGoOn(StartDecision decision) {
        if (decision instanceof StartDecision.Stop stop) {
            throw new SequencerStoppedException(stop.sentence(), null);
        }
        if (decision instanceof StartDecision.GoOn goOn && goOn.setOffset()) {
            throw new SequencerStoppedException(
                    "the group's offset was moved while the sequencer started (event " + goOn.source()
                            + " is next): start it again, and only one of it",
                    null);
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("an event came before the state was found");
        }
        long source = now.context().recordMetadata().orElseThrow().offset();
        try {
            step(now, record, source);
        } catch (TaskCorruptedException | TaskMigratedException streams) {
            throw streams; // Streams' own ways to say "abort and go on"
        } catch (TimeoutException kafkaIsSlow) {
            LOG.warn("action=retry offset={} reason=\"{}\"", source, kafkaIsSlow.toString());
            throw again(kafkaIsSlow, now);
        } catch (RegistryUnavailableException silent) {
            // Not the record's fault: rejecting it would lose an acknowledged event to a restart of the registry.
            LOG.warn("action=wait-for-registry offset={} reason=\"{}\"", source, silent.getMessage());
            pause();
            throw again(silent, now);
        } catch (RuntimeException | StackOverflowError broken) {
            throw shared.failures().failed(now.context().taskId(), source, broken);
        }
    }

    private static TaskCorruptedException again(Exception cause, Running now) {
        TaskCorruptedException again = Failures.again(now.context().taskId());
        again.addSuppressed(cause);
        return again;
    }

    private void pause() {
        try {
            shared.pause().await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(Running now, Record<byte[], byte[]> record, long source) throws RegistryUnavailableException {
        DecodedEvent decoded = decode(record);
        if (decoded instanceof DecodedEvent.Refused refused) {
            now.outputs().unreadable(refused, record, source);
            shared.progress().reject();
        } else if (decoded instanceof DecodedEvent.Decoded event) {
            decided(now, now.state().decide(event.event(), new Timestamp(record.timestamp())), record, source);
        }
        writeChunks(now);
    }

    private DecodedEvent decode(Record<byte[], byte[]> record) throws RegistryUnavailableException {
        long time = record.timestamp();
        if (time == AppendTime.NONE || !Timestamp.isWritable(time)) {
            return refused(
                    RejectionReason.BAD_TIME,
                    "the record has no append time a statement can carry: terraseal.events must have message.timestamp.type=LogAppendTime");
        }
        try {
            return reading.decode(record.value());
        } catch (RuntimeException | StackOverflowError unreadable) {
            return refused(RejectionReason.MALFORMED_RECORD, "the record cannot be read: " + unreadable);
        }
    }

    private static DecodedEvent refused(RejectionReason reason, String message) {
        return new DecodedEvent.Refused(new Rejection(reason, message), "", null, null);
    }

    private void decided(Running now, Decision decision, Record<byte[], byte[]> record, long source) {
        if (decision instanceof Decision.Accept accepted) {
            now.outputs().accepted(accepted, now.state().newestKeyEvent(), source, record.timestamp());
            now.state().apply(accepted, source);
            shared.progress().accept();
        } else if (decision instanceof Decision.Duplicate duplicate) {
            now.outputs().duplicate(duplicate, source, record.timestamp());
            shared.progress().duplicate();
        } else if (decision instanceof Decision.Refuse refused) {
            now.outputs().refused(refused, record, source);
            shared.progress().reject();
        }
    }

    /** In the transaction of the entry that filled the chunk, so that store and log never disagree. */
    private void writeChunks(Running now) {
        for (int i = 0; i < CHUNKS_AT_ONCE; i++) {
            byte[] old = now.outdated().poll();
            if (old != null) {
                now.store().delete(old);
                continue;
            }
            ChunkBacklog.Stored next = now.backlog().poll();
            if (next == null) {
                Chunk full = now.state().unwritten().poll();
                if (full == null) {
                    return;
                }
                next = ChunkBacklog.Stored.of(full);
            }
            now.store().put(ChunkCodec.key(next.first()), next.bytes().toByteArray());
            LogState state = now.state();
            shared.progress().index(state.ids().size(), state.ids().heapBytes(), state.streamCount());
        }
    }

    @Override
    public void close() {
        running = null;
        ChunkBacklog left = unwritten;
        unwritten = null;
        if (left != null) {
            left.close();
        }
    }
}
