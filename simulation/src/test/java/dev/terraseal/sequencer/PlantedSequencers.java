package dev.terraseal.sequencer;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.index.DuplicateIndex;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.schemas.OutcomeRecord;
import dev.terraseal.sequencer.start.StartFacts;
import dev.terraseal.sequencer.state.Entry;
import dev.terraseal.sequencer.state.LogState;
import dev.terraseal.sequencer.state.TopicIds;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Sequencers with one thing wrong. What is patched inside of production classes is patched by reflection, here only. */
public final class PlantedSequencers {
    private PlantedSequencers() {}

    /** Fields keep what an aborted transaction left in them. */
    public static SequencerVariation withoutReset() {
        return new SequencerVariation() {
            @Override
            protected boolean initAgain() {
                return false;
            }
        };
    }

    /** Ids are known while the process lives. */
    public static SequencerVariation forgetful() {
        return new SequencerVariation() {
            @Override
            protected void found(SequenceProcessor processor) {
                set(state(processor), "ids", new DuplicateIndex());
            }
        };
    }

    /** A sequence is the event's offset. */
    public static SequencerVariation byOffset() {
        return new SequencerVariation() {
            @Override
            protected void before(SequenceProcessor processor, long offset) {
                LogState state = state(processor);
                LogHead head = state.head();
                set(state, "head", new LogHead(head.origin(), head.genesis(), offset, head.newest()));
            }
        };
    }

    /** The chain begins anew with each start. */
    public static SequencerVariation chainFromGenesis() {
        return new SequencerVariation() {
            @Override
            protected void found(SequenceProcessor processor) {
                LogState state = state(processor);
                LogHead head = state.head();
                Digest genesis = head.genesis();
                set(state, "head", new LogHead(head.origin(), genesis, head.size(), genesis));
            }
        };
    }

    /** Heads of streams are forgotten at a start. */
    public static SequencerVariation withoutStreams() {
        return new SequencerVariation() {
            @Override
            protected void found(SequenceProcessor processor) {
                ((Map<?, ?>) get(state(processor), "streams")).clear();
            }
        };
    }

    /** receivedAt is the clock of the sequencer. */
    public static SequencerVariation byItsOwnClock() {
        return new SequencerVariation() {
            @Override
            protected long received(long appended, long wall) {
                return wall;
            }
        };
    }

    /** The answer to a duplicate or a conflict names the entry behind the one it is of. */
    public static SequencerVariation namingTheNext() {
        return new SequencerVariation() {
            @Override
            protected byte[] outcome(byte[] record) {
                OutcomeRecord real = OutcomeRecord.decode(record);
                SequenceNumber sequence = real.sequence();
                return sequence == null
                        ? record
                        : new OutcomeRecord(
                                        real.sourceOffset(),
                                        real.stream(),
                                        real.id(),
                                        real.outcome(),
                                        sequence.next(),
                                        real.reason(),
                                        real.message(),
                                        real.content(),
                                        real.originalContent())
                                .encode(new SchemaIds(1, 2, 3, 4).outcome());
            }
        };
    }

    /** Goes on at the committed offset, whatever of the events before it was lost. */
    public static SequencerVariation trustingTheOffset() {
        return new SequencerVariation() {
            @Override
            protected LogTopics topics(LogTopics real) {
                return new LogTopics() {
                    @Override
                    public TopicIds ids() {
                        return real.ids();
                    }

                    @Override
                    public StartFacts facts(int partition, StartFacts.Stored stored, KeyRing keys) {
                        StartFacts facts = real.facts(partition, stored, keys);
                        return new StartFacts(
                                facts.origin(),
                                facts.partition(),
                                facts.topics(),
                                facts.events(),
                                facts.output(),
                                facts.stored(),
                                facts.committed(),
                                OptionalLong.empty(),
                                facts.floor());
                    }

                    @Override
                    public void readFrom(int partition, long from, Consumer<Entry> each) {
                        real.readFrom(partition, from, each);
                    }
                };
            }
        };
    }

    private static LogState state(SequenceProcessor processor) {
        return (LogState) get(get(processor, "running"), "state");
    }

    private static Object get(Object of, String name) {
        try {
            return field(of, name).get(of);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void set(Object of, String name, Object value) {
        try {
            field(of, name).set(of, value);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Field field(Object of, String name) {
        try {
            Field field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException renamed) {
            throw new IllegalStateException(
                    of.getClass() + " has no field " + name + ": the planted bug needs another place", renamed);
        }
    }
}
