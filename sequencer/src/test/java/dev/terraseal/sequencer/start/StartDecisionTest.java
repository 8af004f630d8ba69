package dev.terraseal.sequencer.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.sequencer.start.StartDecision.GoOn;
import dev.terraseal.sequencer.start.StartDecision.Stop;
import dev.terraseal.sequencer.start.StartFacts.Events;
import dev.terraseal.sequencer.start.StartFacts.Output;
import dev.terraseal.sequencer.start.StartFacts.Stored;
import dev.terraseal.sequencer.state.TopicIds;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StartDecisionTest {
    private static final TopicIds TOPICS = new TopicIds(Bytes.utf8("events-topic-id."), Bytes.utf8("sequenced-topic."));
    private static final TopicIds OTHERS = new TopicIds(Bytes.utf8("events-topic-id2"), Bytes.utf8("sequenced-topic."));
    private static final Digest HASH = Digest.of(Bytes.utf8("entry 127"));
    private static final Digest OTHER = Digest.of(Bytes.utf8("another 127"));
    private static final Stored STORED = new Stored(128, 140, HASH, TOPICS);

    private static StartFacts facts(
            Events events, Output output, Stored stored, OptionalLong committed, OptionalLong unaccounted, long floor) {
        return new StartFacts(
                new LogOrigin("terraseal.local/test"),
                0,
                TOPICS,
                events,
                output,
                stored,
                committed,
                unaccounted,
                floor);
    }

    private static StartFacts at(Events events, Output output, Stored stored, long committed) {
        return facts(events, output, stored, OptionalLong.of(committed), OptionalLong.empty(), 0);
    }

    private static Output output(long last, long lastSource) {
        return new Output(0, last, lastSource, HASH);
    }

    private static String stops(StartFacts facts) {
        StartDecision decision = StartDecision.of(facts);
        assertThat(decision).isInstanceOf(Stop.class);
        assertThat(((Stop) decision).sentence()).startsWith("log terraseal.local/test (partition 0): ");
        return ((Stop) decision).sentence();
    }

    @Test
    void nothingAnywhereIsTheBeginning() {
        StartFacts facts = facts(new Events(0, 0), null, null, OptionalLong.empty(), OptionalLong.empty(), 0);
        assertThat(StartDecision.of(facts)).isEqualTo(new GoOn(0, true));
    }

    @Test
    void aLogThatOnlyRejectedSoFarGoesOnAtItsCommittedOffset() {
        assertThat(StartDecision.of(at(new Events(0, 9), null, null, 7))).isEqualTo(new GoOn(7, false));
    }

    @Test
    void whereAllAgreesTheCommittedOffsetHolds() {
        assertThat(StartDecision.of(at(new Events(0, 400), output(200, 220), STORED, 221)))
                .isEqualTo(new GoOn(221, false));
        assertThat(StartDecision.of(at(new Events(0, 400), output(200, 220), STORED, 250)))
                .isEqualTo(new GoOn(250, false));
    }

    @Test
    void aLostStoreIsMadeAgainFromTheOutput() {
        assertThat(StartDecision.of(at(new Events(0, 400), output(200, 220), null, 221)))
                .isEqualTo(new GoOn(221, false));
    }

    @Test
    void anAbsentCommittedOffsetIsTakenFromTheOutputNeverFromTheEnds() {
        StartFacts facts =
                facts(new Events(0, 400), output(200, 220), STORED, OptionalLong.empty(), OptionalLong.empty(), 0);
        assertThat(StartDecision.of(facts)).isEqualTo(new GoOn(221, true));
    }

    @Test
    void aCommittedOffsetBeforeTheOutputIsSetAfterIt() {
        assertThat(StartDecision.of(at(new Events(0, 400), output(200, 220), STORED, 10)))
                .isEqualTo(new GoOn(221, true));
    }

    @Test
    void aCommittedOffsetBeyondAnEventThatLeftNothingGoesBackToIt() {
        StartFacts facts =
                facts(new Events(0, 400), output(200, 220), STORED, OptionalLong.of(300), OptionalLong.of(230), 0);
        assertThat(StartDecision.of(facts)).isEqualTo(new GoOn(230, true));
    }

    @Test
    void aLogTakenUpFromItsArchiveGoesOnWithTheFirstEvent() {
        StartFacts taken =
                facts(new Events(0, 3), output(200, -1), null, OptionalLong.empty(), OptionalLong.empty(), 201);
        assertThat(StartDecision.of(taken)).isEqualTo(new GoOn(0, true));
    }

    /** However many events came meanwhile: they are not those that the missing entries were made of. */
    @Test
    void aLogHalfTakenUpFromItsArchiveIsNotGoneOnWith() {
        StartFacts half =
                facts(new Events(0, 900), output(200, -31), null, OptionalLong.empty(), OptionalLong.empty(), 0);
        assertThat(stops(half))
                .contains("log resume was begun and not finished")
                .contains("30 entries");
    }

    @Test
    void anArchiveLongerThanTheTopicIsNeverASecondBeginning() {
        StartFacts empty = facts(new Events(0, 0), null, null, OptionalLong.empty(), OptionalLong.empty(), 5);
        assertThat(stops(empty))
                .contains("checkpoint of size 5")
                .contains("is empty")
                .contains("terraseal log resume");
        StartFacts shorter =
                facts(new Events(0, 222), output(200, 220), STORED, OptionalLong.of(221), OptionalLong.empty(), 203);
        assertThat(stops(shorter))
                .contains("checkpoint of size 203")
                .contains("ends at size 201")
                .contains("too few events");
        StartFacts trimmed =
                facts(new Events(222, 400), output(200, 220), STORED, OptionalLong.of(221), OptionalLong.empty(), 203);
        assertThat(stops(trimmed)).contains("checkpoint of size 203");
    }

    @Test
    void whatTheArchiveHasAndALossOfPowerTookFromTheTopicIsDerivedAgain() {
        StartFacts shorter =
                facts(new Events(0, 223), output(200, 220), STORED, OptionalLong.of(221), OptionalLong.empty(), 203);
        assertThat(StartDecision.of(shorter)).isEqualTo(new GoOn(221, false));
        StartFacts empty = facts(new Events(0, 9), null, null, OptionalLong.of(7), OptionalLong.of(0), 5);
        assertThat(StartDecision.of(empty)).isEqualTo(new GoOn(0, true));
    }

    @Test
    void soIsWhatTheStoreKnowsAndTheTopicLost() {
        assertThat(StartDecision.of(at(new Events(0, 138), output(100, 110), STORED, 111)))
                .isEqualTo(new GoOn(111, false));
    }

    @Test
    void aCheckpointOfExactlyTheTopicsSizeIsNoObstacle() {
        StartFacts facts =
                facts(new Events(0, 400), output(200, 220), STORED, OptionalLong.of(221), OptionalLong.empty(), 201);
        assertThat(StartDecision.of(facts)).isEqualTo(new GoOn(221, false));
    }

    @Test
    void aTopicMadeAnewStops() {
        Stored made = new Stored(128, 140, HASH, OTHERS);
        assertThat(stops(at(new Events(0, 400), output(200, 220), made, 221))).contains("deleted and created again");
    }

    @Test
    void aStoreLongerThanTheOutputStops() {
        assertThat(stops(at(new Events(0, 137), output(100, 110), STORED, 111)))
                .contains("knows 128 entries")
                .contains("ends at size 101");
        assertThat(stops(at(new Events(0, 127), null, STORED, 0))).contains("is empty");
    }

    @Test
    void anotherHashAtTheStoresEndStops() {
        Output other = new Output(0, 200, 220, OTHER);
        assertThat(stops(at(new Events(0, 400), other, STORED, 221)))
                .contains(HASH.hex())
                .contains(OTHER.hex());
    }

    @Test
    void aTrimmedOutputNeedsAStoreThatCoversWhatIsGone() {
        Output trimmed = new Output(128, 200, 220, null);
        assertThat(StartDecision.of(at(new Events(0, 400), trimmed, STORED, 221)))
                .isEqualTo(new GoOn(221, false));
        Output trimmedFurther = new Output(129, 200, 220, null);
        assertThat(stops(at(new Events(0, 400), trimmedFurther, STORED, 221))).contains("begins at entry 129");
        assertThat(stops(at(new Events(0, 400), trimmed, null, 221))).contains("state store is empty");
    }

    @Test
    void eventsDeletedBeforeTheyWereSequencedStop() {
        assertThat(stops(at(new Events(222, 400), output(200, 220), STORED, 221)))
                .contains("events 221 to 221")
                .contains("retention.ms=-1");
        assertThat(StartDecision.of(at(new Events(221, 400), output(200, 220), STORED, 221)))
                .isEqualTo(new GoOn(221, false));
    }

    @Test
    void anEventsTopicThatEndsBeforeTheNextEventStops() {
        assertThat(stops(at(new Events(0, 220), output(200, 220), STORED, 221))).contains("the topic ends at 220");
    }
}
