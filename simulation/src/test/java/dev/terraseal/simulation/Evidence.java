package dev.terraseal.simulation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.simulation.kafka.Broker;
import dev.terraseal.simulation.store.Objects;
import java.util.ArrayList;
import java.util.List;

/** What the invariants may look at: what is on topics and in the store, what keys signed, and what was promised. */
public final class Evidence {
    private final Bytes declaration;
    private final String origin;
    private final Temper temper;
    private Broker broker;
    private final Objects objects;
    private final List<Bytes> attested = new ArrayList<>();
    private final List<Bytes> noted = new ArrayList<>();
    private final List<Integer> archivedWhenNoted = new ArrayList<>();
    private final List<Sent> acknowledged = new ArrayList<>();
    private final List<Known> known = new ArrayList<>();
    private final List<String> stops = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final NaiveArchive archive;
    private int rollbacks;
    private long signedWhenRolledBack;

    Evidence(Bytes declaration, String origin, Temper temper, Broker broker, Objects objects) {
        this.declaration = declaration;
        this.origin = origin;
        this.temper = temper;
        this.broker = broker;
        this.objects = objects;
        this.archive = new NaiveArchive(objects, genesis());
    }

    public Bytes declaration() {
        return declaration;
    }

    public String origin() {
        return origin;
    }

    public String genesis() {
        return dev.terraseal.core.bytes.Digest.of(declaration).hex();
    }

    public Broker broker() {
        return broker;
    }

    public Objects objects() {
        return objects;
    }

    public NaiveArchive archive() {
        return archive;
    }

    /** Every message the attest key signed, in order, whatever became of the signature. */
    public List<Bytes> attested() {
        return attested;
    }

    /** Every text the log key signed. */
    public List<Bytes> noted() {
        return noted;
    }

    /** How many entries the archive held whole when the log key signed each of {@link #noted}. */
    public List<Integer> archivedWhenNoted() {
        return archivedWhenNoted;
    }

    /** Everything a pipeline was told is accepted. */
    public List<Sent> acknowledged() {
        return acknowledged;
    }

    /** Every event a pipeline was told is in the log already. */
    public List<Known> known() {
        return known;
    }

    /** Why processes ended by themselves: the stage and, without what differs from run to run, what it threw. */
    public List<String> stops() {
        return stops;
    }

    public Damage damage() {
        return temper.damage();
    }

    /** Whether the store now and then says it keeps what it does not. */
    public boolean lies() {
        return temper.lies();
    }

    /** Lines that were logged since the last look; whoever looks empties it. */
    public List<String> lines() {
        return lines;
    }

    /** How often all topics were put back from an old copy. What was acknowledged after the copy is void then. */
    public int rollbacks() {
        return rollbacks;
    }

    /** How many entries the signer's file beside Kafka knew of when that happened; what it did not know is void too. */
    public long signedWhenRolledBack() {
        return signedWhenRolledBack;
    }

    void attested(Bytes message) {
        attested.add(message);
    }

    void noted(Bytes text) {
        noted.add(text);
        archive.read();
        archivedWhenNoted.add(archive.statements().size());
    }

    void rolledBack(Broker old, long signed) {
        broker = old;
        signedWhenRolledBack = signed;
        rollbacks++;
    }
}
