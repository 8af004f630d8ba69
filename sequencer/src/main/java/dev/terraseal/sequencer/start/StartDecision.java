package dev.terraseal.sequencer.start;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What to do about what was found, as a table. A log is begun only where nothing of it exists; it goes on only where
 * topics, state store, committed offset and the known size agree, or where one of them can be made again from another.
 *
 * <table>
 * <caption>O = output, S = store, C = committed offset, F = floor</caption>
 * <tr><th>found</th><th>done</th></tr>
 * <tr><td>O ends within what {@code log resume} takes up from an archive</td><td>stop: the rest is in the archive</td></tr>
 * <tr><td>F above the end of O, and too few events follow it to come up to F</td><td>stop: the archive is longer than
 * the topic</td></tr>
 * <tr><td>a topic's id is not the one S was made on</td><td>stop: the topic was made anew</td></tr>
 * <tr><td>O and S empty</td><td>begin at event 0, or go on at C if all before it left a rejection or an outcome</td></tr>
 * <tr><td>S beyond the end of O, and too few events follow it to come up to S, or another hash at S's end</td><td>stop: O
 * was truncated, made anew or restored</td></tr>
 * <tr><td>F or S beyond the end of O, and enough events follow it</td><td>derive them again, byte for byte: power was lost
 * before O was on the disk. Signer and archiver hold what comes against what they have</td></tr>
 * <tr><td>O begins after S's end</td><td>stop: ids and heads below are nowhere in Kafka</td></tr>
 * <tr><td>C absent, or before the newest entry's event</td><td>go on after that event</td></tr>
 * <tr><td>C beyond an event that left nothing</td><td>go back to that event: it is derived again, byte for byte</td></tr>
 * <tr><td>the event to go on with is gone, or the topic ends before it</td><td>stop: acknowledged events were deleted</td></tr>
 * </table>
 */
public sealed interface StartDecision {
    /** Take events from {@code source}; {@code setOffset} if the group's committed offset says otherwise. */
    record GoOn(long source, boolean setOffset) implements StartDecision {}

    /** Do not start. The sentence says what was found where, and how to mend it. */
    record Stop(String sentence) implements StartDecision {}

    /** Reads the table above from top to bottom. */
    static StartDecision of(StartFacts facts) {
        String wrong = wrongLog(facts);
        if (wrong == null) {
            wrong = wrongStore(facts);
        }
        if (wrong != null) {
            return new Stop("log " + facts.origin() + " (partition " + facts.partition() + "): " + wrong);
        }
        long source = source(facts);
        wrong = wrongEvents(facts.events(), source);
        return wrong == null
                ? new GoOn(
                        source, facts.committed().isEmpty() || facts.committed().getAsLong() != source)
                : new Stop("log " + facts.origin() + " (partition " + facts.partition() + "): " + wrong);
    }

    private static @Nullable String wrongLog(StartFacts facts) {
        if (afterNewest(facts) < 0) {
            return "terraseal log resume was begun and not finished: " + -afterNewest(facts)
                    + " entries of the archive are not on terraseal.sequenced yet. Run it again, it goes on where it was";
        }
        if (facts.floor() > facts.next() && !derivable(facts, facts.floor())) {
            return "a checkpoint of size " + facts.floor() + " exists, but terraseal.sequenced "
                    + (facts.output() == null ? "is empty" : "ends at size " + facts.next())
                    + " and terraseal.events has too few events after that to make the rest again. A new beginning would be a second history: bring Kafka's data back, or, where it is gone for good, take the log up from its archive: terraseal log resume";
        }
        StartFacts.Stored stored = facts.stored();
        if (stored != null && !stored.topics().equals(facts.topics())) {
            return "the state store was made on other topics than there are now: terraseal.events or terraseal.sequenced was deleted and created again. Bring Kafka's data back; where the log was taken up from its archive (terraseal log resume), remove the sequencer's state directory, which is made again";
        }
        return null;
    }

    private static @Nullable String wrongStore(StartFacts facts) {
        StartFacts.Output output = facts.output();
        StartFacts.Stored stored = facts.stored();
        if (facts.storeIsAhead() && stored != null && !derivable(facts, stored.next())) {
            return "the state store knows " + stored.next() + " entries, but terraseal.sequenced "
                    + (output == null ? "is empty" : "ends at size " + facts.next())
                    + ": it was truncated, created again or restored from an old copy. Bring back its newest data";
        }
        if (output == null) {
            return null;
        }
        if (output.first() > facts.storedNext()) {
            return "terraseal.sequenced begins at entry " + output.first() + " and the state store "
                    + (stored == null ? "is empty" : "ends at entry " + (stored.next() - 1))
                    + ": ids and stream heads in between are known to neither. Bring back the state store or its changelog topic; where both are gone, delete the topics and take the log up from its archive: terraseal log resume";
        }
        if (stored != null && output.atStored() != null && !stored.newest().equals(output.atStored())) {
            return "entry " + (stored.next() - 1) + " has hash " + stored.newest()
                    + " in the state store and " + output.atStored()
                    + " on terraseal.sequenced: one of them belongs to another history. Bring back the copy the archive agrees with (terraseal verify ARCHIVE)";
        }
        return null;
    }

    /** Whether the events that are there can make the log as long as {@code size} again: each makes one entry at most. */
    private static boolean derivable(StartFacts facts, long size) {
        return facts.events().begin() <= afterNewest(facts)
                && facts.events().end() - afterNewest(facts) >= size - facts.next();
    }

    private static long afterNewest(StartFacts facts) {
        StartFacts.Output output = facts.output();
        return output == null ? 0 : output.lastSource() + 1;
    }

    private static long source(StartFacts facts) {
        long afterNewest = afterNewest(facts);
        OptionalLong committed = facts.committed();
        if (committed.isEmpty() || committed.getAsLong() < afterNewest) {
            return afterNewest;
        }
        return facts.unaccounted().orElse(committed.getAsLong());
    }

    private static @Nullable String wrongEvents(StartFacts.Events events, long source) {
        if (events.begin() > source) {
            return "the next event is offset " + source + " of terraseal.events, but the topic begins at "
                    + events.begin() + ": events " + source + " to " + (events.begin() - 1)
                    + " were deleted before they were sequenced. Bring Kafka's data back; terraseal.events must have retention.ms=-1 and retention.bytes=-1";
        }
        if (events.end() < source) {
            return "the next event is offset " + source + " of terraseal.events, but the topic ends at " + events.end()
                    + ": it was truncated, created again or restored from an old copy. Bring back its newest data";
        }
        return null;
    }
}
