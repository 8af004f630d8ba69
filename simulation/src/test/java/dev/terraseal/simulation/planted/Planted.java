package dev.terraseal.simulation.planted;

import dev.terraseal.archiver.topic.SignedEntries;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.ingest.Tokens;
import dev.terraseal.kafka.KafkaClients;
import dev.terraseal.schemas.AttestationRecord;
import dev.terraseal.sequencer.PlantedSequencers;
import dev.terraseal.sequencer.SequencerVariation;
import dev.terraseal.signer.PlantedSigners;
import dev.terraseal.signer.SignerVariation;
import dev.terraseal.simulation.Defect;
import dev.terraseal.simulation.PlainStore;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * A planted bug, by what it does wrong, and which invariant has to find it.
 *
 * @param by name of the invariant; "goes on" where the log stands still for good
 */
public record Planted(String name, String by, Needs needs, Supplier<Defect> defect) {
    /** In which runs the bug can show itself at all. */
    public enum Needs {
        ANY,
        /** All topics are put back from an old copy. */
        ROLLBACK;

        public boolean met(boolean rolledBack) {
            return this == ANY || rolledBack;
        }
    }

    private Planted(String name, String by, Supplier<Defect> defect) {
        this(name, by, Needs.ANY, defect);
    }

    /** All of them, in the order of the stages. */
    public static List<Planted> all() {
        List<Planted> all = new ArrayList<>();
        all.add(new Planted(
                "ingest answers before the broker did", "4 acknowledged means kept", Planted::answersEarly));
        all.add(new Planted("ingest takes a token for its caller's name", "9 nothing secret", Planted::leaks));
        all.add(new Planted(
                "ingest knows ids of attestations that are not committed",
                "4 answers are true",
                () -> clients(StageClients::hasty)));
        all.add(new Planted(
                "an output is read to its LSO, not to its end", "1 dense", () -> clients(StageClients::toStable)));
        all.add(new Planted(
                "aborted records are read like committed ones", "1 dense", () -> clients(StageClients::uncommitted)));
        all.add(sequencer("init() does not reset the state", PlantedSequencers::withoutReset, "1 dense"));
        all.add(sequencer("ids are forgotten at a restart", PlantedSequencers::forgetful, "3 once"));
        all.add(sequencer("a sequence is the Kafka offset", PlantedSequencers::byOffset, "1 dense"));
        all.add(sequencer("the chain begins anew at a restart", PlantedSequencers::chainFromGenesis, "2 chained"));
        all.add(sequencer("streams are forgotten at a restart", PlantedSequencers::withoutStreams, "2 chained"));
        all.add(sequencer("receivedAt is the sequencer's clock", PlantedSequencers::byItsOwnClock, "8 deterministic"));
        all.add(sequencer(
                "it goes on at the committed offset alone", PlantedSequencers::trustingTheOffset, "8 deterministic"));
        all.add(sequencer(
                "an outcome names the entry after its own", PlantedSequencers::namingTheNext, "4 answers are true"));
        Planted floor = signer("the signer asks no floor", PlantedSigners::withoutFloor, "5 one history");
        all.add(new Planted(floor.name(), floor.by(), Needs.ROLLBACK, floor.defect()));
        all.add(signer("the signer does not look whether an entry follows", PlantedSigners::careless, "2 chained"));
        all.add(new Planted("the signer refuses a good entry once", "5 stops at a fork", () -> {
            Supplier<SignerVariation> variation = PlantedSigners.refusingOnce();
            return new Defect() {
                @Override
                public SignerVariation signer() {
                    return variation.get();
                }
            };
        }));
        all.add(signer("the signer writes statements anew", PlantedSigners::serialisingAgain, "7 bytes are kept"));
        all.add(signer(
                "the signer takes its own batch for the one that counts", PlantedSigners::ownBatches, "goes on"));
        all.add(signer("the signer names a batch it keeps nowhere", PlantedSigners::keepingNoBatch, "goes on"));
        all.add(new Planted(
                "each signer has a transactional id of its own", "1 dense", () -> clients(StageClients::unfenced)));
        all.add(new Planted(
                "the archiver believes what it wrote", "6 no checkpoint ahead of data", () -> store(Believing::new)));
        all.add(new Planted(
                "the archiver signs before the segment is kept",
                "6 no checkpoint ahead of data",
                () -> store(Late::new)));
        all.add(new Planted(
                "the store loses the tile above the full ones",
                "6 no checkpoint ahead of data",
                () -> store(Losing::new)));
        all.add(new Planted(
                "the archiver takes its own segment for the one that counts",
                "5 one history",
                () -> store(Overwriting::new)));
        all.add(new Planted(
                "the archiver goes on where it committed, not where it archived", "goes on", () -> new Defect() {
                    @Override
                    public SignedEntries entries(SignedEntries real, long[] memory) {
                        return new CommittedFirst(real, memory);
                    }
                }));
        return all;
    }

    private static Planted sequencer(String name, Supplier<SequencerVariation> variation, String by) {
        return new Planted(name, by, () -> new Defect() {
            private final SequencerVariation one = variation.get();

            @Override
            public SequencerVariation sequencer() {
                return one;
            }
        });
    }

    private static Planted signer(String name, Supplier<SignerVariation> variation, String by) {
        return new Planted(name, by, () -> new Defect() {
            @Override
            public SignerVariation signer() {
                return variation.get();
            }
        });
    }

    private static Defect answersEarly() {
        return new Defect() {
            @Override
            public boolean answersEarly() {
                return true;
            }
        };
    }

    private static Defect leaks() {
        return new Defect() {
            @Override
            public Tokens.Caller caller(String token, Tokens.Caller real) {
                return new Tokens.Caller(token, real.tokenSha256(), real.prefixes());
            }
        };
    }

    private interface Change {
        KafkaClients of(Defect.Stage stage, KafkaClients real, long life);
    }

    private static Defect clients(Change change) {
        return new Defect() {
            @Override
            public KafkaClients clients(Stage stage, KafkaClients real, long life) {
                return change.of(stage, real, life);
            }
        };
    }

    private interface Wrapped {
        ArchiveStore of(ArchiveStore real);
    }

    private static Defect store(Wrapped wrapped) {
        return new Defect() {
            @Override
            public ArchiveStore store(ArchiveStore real) {
                return wrapped.of(real);
            }
        };
    }

    /** Clients with other settings than production gives them. */
    private static final class StageClients {
        static KafkaClients toStable(Defect.Stage stage, KafkaClients real, long life) {
            return new Settings(real) {
                @Override
                public Admin admin(Map<String, Object> settings) {
                    Map<String, Object> changed = new HashMap<>(settings);
                    changed.put("simulated.ends", "stable");
                    return super.admin(changed);
                }
            };
        }

        static KafkaClients uncommitted(Defect.Stage stage, KafkaClients real, long life) {
            return new Settings(real) {
                @Override
                public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
                    Map<String, Object> changed = new HashMap<>(settings);
                    changed.put("isolation.level", "read_uncommitted");
                    return super.consumer(changed);
                }
            };
        }

        static KafkaClients hasty(Defect.Stage stage, KafkaClients real, long life) {
            return stage == Defect.Stage.INGEST ? uncommitted(stage, real, life) : real;
        }

        static KafkaClients unfenced(Defect.Stage stage, KafkaClients real, long life) {
            return stage != Defect.Stage.SIGNER
                    ? real
                    : new Settings(real) {
                        @Override
                        public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
                            Map<String, Object> changed = new HashMap<>(settings);
                            changed.computeIfPresent("transactional.id", (name, id) -> id + "-" + life);
                            return super.producer(changed);
                        }
                    };
        }
    }

    private static class Settings implements KafkaClients {
        private final KafkaClients real;

        Settings(KafkaClients real) {
            this.real = real;
        }

        @Override
        public Admin admin(Map<String, Object> settings) {
            return real.admin(settings);
        }

        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
            return real.consumer(settings);
        }

        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
            return real.producer(settings);
        }
    }

    /** Reads back from what it remembers to have written. */
    private static final class Believing extends PlainStore {
        private final Map<String, Bytes> written = new TreeMap<>();

        Believing(ArchiveStore real) {
            super(real);
        }

        @Override
        public Stored keep(String name, Bytes content, Instant until, Validity validity) throws StoreException {
            Stored kept = super.keep(name, content, until, validity);
            written.put(name, kept.content());
            return kept;
        }

        @Override
        public Optional<Stored> read(String name, Validity validity) throws StoreException {
            Bytes known = written.get(name);
            return known != null && validity.holds(known)
                    ? Optional.of(new Stored(name, "believed", known))
                    : super.read(name, validity);
        }
    }

    /** Says it has the hashes of full tiles, and has not. */
    private static final class Losing extends PlainStore {
        Losing(ArchiveStore real) {
            super(real);
        }

        @Override
        public void replace(String name, Bytes content) throws StoreException {
            if (!name.startsWith("tile/1/")) {
                super.replace(name, content);
            }
        }
    }

    /** Keeps a segment when the next thing after its checkpoint is written: the order of writes the other way round. */
    private static final class Late extends PlainStore {
        private final Map<String, Runnable> waiting = new LinkedHashMap<>();
        private final Map<String, Bytes> content = new HashMap<>();

        Late(ArchiveStore real) {
            super(real);
        }

        @Override
        public Stored keep(String name, Bytes bytes, Instant until, Validity validity) throws StoreException {
            if (name.startsWith("segments/")) {
                content.put(name, bytes);
                waiting.put(name, () -> {
                    try {
                        super.keep(name, bytes, until, validity);
                    } catch (StoreException lost) {
                        throw new IllegalStateException(lost);
                    }
                });
                return new Stored(name, "late", bytes);
            }
            return super.keep(name, bytes, until, validity);
        }

        @Override
        public Optional<Stored> read(String name, Validity validity) throws StoreException {
            Bytes known = content.get(name);
            return known != null ? Optional.of(new Stored(name, "late", known)) : super.read(name, validity);
        }

        @Override
        public boolean advance(String name, Bytes bytes, Validity mayGo) throws StoreException {
            waiting.values().forEach(Runnable::run);
            waiting.clear();
            return super.advance(name, bytes, mayGo);
        }
    }

    /** Does not look whether somebody was there before. */
    private static final class Overwriting extends PlainStore {
        private final Map<String, Bytes> written = new TreeMap<>();

        Overwriting(ArchiveStore real) {
            super(real);
        }

        @Override
        public Stored keep(String name, Bytes content, Instant until, Validity validity) throws StoreException {
            Stored kept = super.keep(name, content, until, validity);
            written.put(name, content);
            return new Stored(name, kept.version(), content);
        }

        @Override
        public Optional<Stored> read(String name, Validity validity) throws StoreException {
            Bytes known = written.get(name);
            return known != null && name.startsWith("segments/") && validity.holds(known)
                    ? Optional.of(new Stored(name, "own", known))
                    : super.read(name, validity);
        }
    }

    /** A consumer that commits what it was given, and goes on behind it. */
    private record CommittedFirst(SignedEntries real, long[] committed) implements SignedEntries {
        @Override
        public Optional<Extent> extent() {
            return real.extent();
        }

        @Override
        public Optional<String> mayReach(SequenceNumber sequence) {
            return real.mayReach(sequence);
        }

        @Override
        public void seek(SequenceNumber sequence) {
            real.seek(new SequenceNumber(Math.max(sequence.value(), committed[0])));
        }

        @Override
        public List<AttestationRecord> poll(Duration atMost) {
            List<AttestationRecord> polled = real.poll(atMost);
            for (AttestationRecord each : polled) {
                committed[0] = Math.max(committed[0], each.sequence().value() + 1);
            }
            return polled;
        }

        @Override
        public long behind() {
            return real.behind();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
