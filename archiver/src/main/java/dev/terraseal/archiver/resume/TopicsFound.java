package dev.terraseal.archiver.resume;

import dev.terraseal.archiver.ArchivedEnd;
import dev.terraseal.archiver.LogNotes;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.kafka.CheckpointNotes;
import dev.terraseal.kafka.EntryHeaders;
import dev.terraseal.kafka.ForeignRecordException;
import dev.terraseal.kafka.KafkaUnavailableException;
import dev.terraseal.kafka.TopicAdmin;
import dev.terraseal.kafka.TopicEnd;
import dev.terraseal.kafka.Topics;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a log may be taken up on these topics: they are empty, or hold what an earlier run that was interrupted wrote
 * and nothing else. Everything else is somebody's evidence, or the beginning of a second history.
 */
final class TopicsFound {
    private final ResumePlace place;
    private final ArchivedEnd archive;
    private final SignatureChecker checker;
    private final InstantSource clock;
    private final Admin admin;

    TopicsFound(ResumePlace place, ArchivedEnd archive, SignatureChecker checker, InstantSource clock, Admin admin) {
        this.place = place;
        this.archive = archive;
        this.checker = checker;
        this.clock = clock;
        this.admin = admin;
    }

    /**
     * What an earlier run wrote.
     *
     * @param size entries, from the first on
     * @param newest the hash of the last of them, null if there is none
     */
    record Begun(long size, @Nullable Digest newest) {}

    Begun look() throws ResumeRefusedException {
        requireNoLaterCheckpoint();
        Optional<EntryHeaders> sequenced = newest(place.sequenced());
        Optional<EntryHeaders> attested = newest(place.attestations());
        if (sequenced.isEmpty() && attested.isEmpty()) {
            requireEmpty();
            requireAtRest();
            return new Begun(0, null);
        }
        if (!sequenced.equals(attested)) {
            throw notEmpty(sequenced.isPresent() ? Topics.SEQUENCED : Topics.ATTESTATIONS, "holds entries of a log:");
        }
        Begun begun = begun(sequenced.get());
        if (begun.size() < archive.size()) {
            requireAtRest();
        }
        return begun;
    }

    private Begun begun(EntryHeaders newest) throws ResumeRefusedException {
        if (newest.source() >= 0) {
            throw notEmpty(
                    Topics.SEQUENCED,
                    "holds a log up to entry " + newest.sequence() + ", with which the services go on:");
        }
        long of = newest.sequence().value() - newest.source();
        if (of != archive.size()) {
            throw new ResumeRefusedException("an archive of " + of + " entries was being taken up on "
                    + place.sequenced() + ", and this one holds " + archive.size()
                    + ": give the archive that was begun with, or delete the log's topics, create them again and"
                    + " begin anew");
        }
        return new Begun(newest.sequence().value() + 1, newest.entryHash());
    }

    private Optional<EntryHeaders> newest(TopicPartition partition) throws ResumeRefusedException {
        try (TopicEnd end = open(partition)) {
            return end.newest().map(EntryHeaders::of);
        } catch (ForeignRecordException foreign) {
            throw new ResumeRefusedException(String.valueOf(foreign.getMessage()));
        }
    }

    /** Events and what became of them are known by offsets, which an empty topic gives out a second time. */
    private void requireEmpty() throws ResumeRefusedException {
        requireEmpty(
                Topics.EVENTS,
                "; if only the other topics were lost, start the services and not this: they make the rest again from"
                        + " the events. If these came since, stop ingest and have them sent again afterwards (what is in"
                        + " the log is answered as such):");
        for (String topic : List.of(Topics.REJECTED, Topics.OUTCOMES)) {
            requireEmpty(topic, " (keep a copy, it is the only one):");
        }
        if (TopicAdmin.get(admin.listTopics().names(), "list the topics").contains(place.changelog())) {
            requireEmpty(place.changelog(), " (the sequencer's state of the lost topics):");
        }
    }

    private void requireEmpty(String topic, String andSo) throws ResumeRefusedException {
        try (TopicEnd end = open(new TopicPartition(topic, place.partition()))) {
            if (end.end() > 0) {
                throw notEmpty(topic, "has had " + end.end() + " records" + andSo);
            }
        }
    }

    private ResumeRefusedException notEmpty(String topic, String what) {
        return new ResumeRefusedException("a log is taken up on empty topics, and partition " + place.partition()
                + " of " + topic + " " + what + " delete the log's topics (kafka-topics.sh --delete) and create"
                + " them again (terraseal topics create), once it is certain that nobody needs what they hold; under"
                + " terraseal up move the directories kafka and streams away");
    }

    /** The archiver announces the newest checkpoint at each start, also where the topics are empty. */
    private void requireNoLaterCheckpoint() throws ResumeRefusedException {
        try (TopicEnd end = open(place.checkpoints())) {
            Optional<Bytes> note = end.newest().map(ConsumerRecord::value).map(Bytes::wrap);
            if (note.isEmpty()) {
                return;
            }
            LogNotes notes = new LogNotes(archive.state().keys(), checker);
            Optional<Checkpoint> announced = notes.largest(CheckpointNotes.last(end));
            // Also one by a key that this archive does not know yet.
            if (announced.isEmpty() || notes.open(note.get()).isEmpty()) {
                throw notEmpty(Topics.CHECKPOINTS, "holds a note this log did not sign:");
            }
            Checkpoint there = announced.get();
            Checkpoint ours = archive.checkpoint();
            if (there.size() > ours.size()
                    || there.size() == ours.size() && !there.root().equals(ours.root())) {
                throw new ResumeRefusedException("the newest checkpoint on " + place.checkpoints() + " has size "
                        + there.size() + " and root " + there.root().base64() + ", that of the archive size "
                        + ours.size() + " and root " + ours.root().base64()
                        + ": the archive is an older copy or another history. Find the one the log signed last");
            }
        }
    }

    private void requireAtRest() throws ResumeRefusedException {
        try {
            ConsumerGroupDescription group = TopicAdmin.get(
                            admin.describeConsumerGroups(List.of(place.group())).all(),
                            "describe group " + place.group())
                    .get(place.group());
            if (group != null && !group.members().isEmpty()) {
                throw new ResumeRefusedException("the sequencer (group " + place.group()
                        + ") runs: stop all services of this log, and wait ten seconds if it was killed");
            }
        } catch (KafkaUnavailableException unknown) {
            if (!(unknown.getCause() instanceof GroupIdNotFoundException)) {
                throw unknown;
            }
        }
    }

    /** An offset that outlived its topic would be taken for events that were deleted. */
    void forgetOffset() {
        TopicPartition events = new TopicPartition(Topics.EVENTS, place.partition());
        boolean committed = TopicAdmin.get(
                                admin.listConsumerGroupOffsets(place.group()).partitionsToOffsetAndMetadata(),
                                "say the committed offset of group " + place.group())
                        .get(events)
                != null;
        if (committed) {
            TopicAdmin.get(
                    admin.deleteConsumerGroupOffsets(place.group(), java.util.Set.of(events))
                            .all(),
                    "delete the committed offset of group " + place.group());
        }
    }

    private TopicEnd open(TopicPartition partition) {
        return TopicEnd.open(place.kafka(), admin, "terraseal-resume-end", partition, clock);
    }
}
