package dev.terraseal.signer.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.signer.Chained;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkCheckTest {
    @TempDir
    Path temp;

    private Chained chained;
    private LinkCheck check;

    @BeforeEach
    void begin() throws Exception {
        chained = Chained.born(temp.resolve("a"));
        check = new LinkCheck(chained.log, LogHead.birth(chained.log.origin(), chained.log.genesis()));
    }

    private void acceptAll(List<Entry> entries) throws Exception {
        for (Entry entry : entries) {
            check.accept(entry);
        }
    }

    @Test
    void aWholeChainIsLetThroughAndTheHeadFollows() throws Exception {
        acceptAll(chained.entries(10));
        assertThat(check.head()).isEqualTo(chained.head());
    }

    @Test
    void aChainIsTakenUpInTheMiddle() throws Exception {
        chained.entries(4);
        check = new LinkCheck(chained.log, chained.head());
        acceptAll(chained.entries(3));
        assertThat(check.head().size()).isEqualTo(7);
    }

    private void refused(Entry entry, String... saying) {
        LogHead before = check.head();
        assertThatThrownBy(() -> check.accept(entry))
                .isInstanceOf(RefusedEntryException.class)
                .hasMessageContaining("offset " + entry.offset())
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(saying));
        assertThat(check.head()).isEqualTo(before);
    }

    @Test
    void aGapIsRefused() throws Exception {
        List<Entry> entries = chained.entries(3);
        check.accept(entries.get(0));
        refused(entries.get(2), "sequence 2 where 1 is next");
    }

    @Test
    void aSequenceThatWasSignedIsNeverSignedAgain() throws Exception {
        List<Entry> entries = chained.entries(2);
        acceptAll(entries);
        refused(entries.get(1), "sequence 1 again");
    }

    @Test
    void anotherStatementForASignedSequenceIsRefused() throws Exception {
        acceptAll(chained.entries(2));
        refused(chained.again().entries(2, "other").get(1), "sequence 1 again");
    }

    @Test
    void aBrokenLinkIsRefusedWithBothHashes() throws Exception {
        List<Entry> ours = chained.entries(2);
        acceptAll(ours);
        Chained fork = chained.again();
        fork.entries(2, "other");
        refused(
                fork.entries(1).get(0),
                "follows " + fork.again().entries(2, "other").get(1).entryHash().hex(),
                ours.get(1).entryHash().hex());
    }

    @Test
    void theFirstEntryMustFollowTheGenesis() throws Exception {
        Chained another = Chained.born(temp.resolve("b"));
        Chained disguised = Chained.born(temp.resolve("c"));
        check = new LinkCheck(another.log, LogHead.birth(another.log.origin(), disguised.log.genesis()));
        refused(another.entries(1).get(0), "genesis is " + disguised.log.genesis());
    }

    @Test
    void anEntryOfAnotherLogIsRefused() throws Exception {
        Chained another = Chained.born(temp.resolve("b"));
        refused(
                another.entries(1).get(0),
                another.log.origin().value(),
                chained.log.origin().value());
    }

    private static Entry with(Entry entry, Bytes statement, Digest hash) {
        return new Entry(
                entry.offset(),
                entry.source(),
                entry.headerSequence(),
                hash,
                entry.sequence(),
                entry.stream(),
                hash,
                statement);
    }

    private Entry rewritten(String from, String to) {
        Entry entry = chained.entries(1).get(0);
        String text = entry.statement().utf8();
        assertThat(text).contains(from);
        Bytes statement = Bytes.utf8(text.replace(from, to));
        return with(entry, statement, Digest.of(statement));
    }

    @Test
    void aStatementThatIsNotCanonicalIsRefused() {
        refused(rewritten("\"body\":{", "\"body\": {"), "no statement of this log");
    }

    @Test
    void aTypeOutsideTheClosedListIsRefused() {
        refused(rewritten("terraform-apply/v1", "terraform-destroy/v1"), "closed list");
    }

    @Test
    void aTypeWithTheBodyOfAnotherTypeIsRefused() {
        refused(rewritten("terraform-apply/v1", "heads/v1"), "heads/v1");
    }

    @Test
    void anUnknownMemberIsRefused() {
        refused(rewritten("\"body\":{", "\"approved\":true,\"body\":{"), "no statement of this log");
    }

    @Test
    void aStatementBeyondTheLimitOfTheLogIsRefused() {
        refused(rewritten("succeeded", "x".repeat(512 * 1024)), "limit is 524288");
    }

    @Test
    void aHeaderWithAnotherHashIsRefused() {
        Entry entry = chained.entries(1).get(0);
        Digest other = Digest.of(Bytes.utf8("other"));
        refused(with(entry, entry.statement(), other), entry.entryHash().hex(), other.hex());
    }

    @Test
    void aHeaderWithAnotherSequenceIsRefused() {
        Entry entry = chained.entries(1).get(0);
        refused(
                new Entry(
                        entry.offset(),
                        entry.source(),
                        new SequenceNumber(7),
                        entry.headerHash(),
                        entry.sequence(),
                        entry.stream(),
                        entry.entryHash(),
                        entry.statement()),
                "its header 7");
    }

    @Test
    void aRecordOfAnotherStreamThanItsStatementIsRefused() {
        Entry entry = chained.entries(1).get(0);
        refused(
                new Entry(
                        entry.offset(),
                        entry.source(),
                        entry.headerSequence(),
                        entry.headerHash(),
                        entry.sequence(),
                        new StreamId("acme/other"),
                        entry.entryHash(),
                        entry.statement()),
                "acme/other");
    }

    @Test
    void aStreamThatBeginsAgainIsRefused() throws Exception {
        acceptAll(chained.entries(3));
        Entry entry = chained.entries(1).get(0);
        String text = entry.statement().utf8();
        Bytes statement = Bytes.utf8(text.replaceAll(
                "\"stream\":\\{\"id\":\"acme/0\",\"prevHash\":\"[0-9a-f]+\"",
                "\"stream\":{\"id\":\"acme/0\",\"prevHash\":\"" + chained.log.genesis() + "\""));
        assertThat(statement).isNotEqualTo(entry.statement());
        refused(with(entry, statement, Digest.of(statement)), "entry 1 of its stream");
    }
}
