package dev.terraseal.signer.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.signer.Chained;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloorCheckTest {
    @TempDir
    Path temp;

    private Chained chained;
    private List<Entry> entries;

    @BeforeEach
    void begin() throws Exception {
        chained = Chained.born(temp);
        entries = chained.entries(8);
    }

    private LogHead signed(int size) {
        return new LogHead(
                chained.log.origin(),
                chained.log.genesis(),
                size,
                size == 0 ? chained.log.genesis() : entries.get(size - 1).entryHash());
    }

    private Floor byHash(int size) {
        return new Floor.ByHash(size, entries.get(size - 1).entryHash(), "a file");
    }

    private Floor byRoot(int size) {
        List<Digest> leaves = entries.subList(0, size).stream()
                .map(entry -> Merkle.leafHash(entry.entryHash()))
                .toList();
        return new Floor.ByRoot(size, Merkle.root(leaves), "a checkpoint");
    }

    private static void read(FloorCheck check, List<Entry> entries) throws Exception {
        for (Entry entry : entries) {
            if (!check.done()) {
                check.accept(entry);
            }
        }
    }

    @Test
    void nothingIsReadAheadWhereNoFloorIsAboveWhatIsSigned() {
        assertThat(FloorCheck.above(chained.log, signed(5), List.of()).done()).isTrue();
        assertThat(FloorCheck.above(chained.log, signed(5), List.of(byHash(5), byRoot(3)))
                        .done())
                .isTrue();
    }

    @Test
    void aHashIsReachedFromWhatIsSigned() throws Exception {
        FloorCheck check = FloorCheck.above(chained.log, signed(2), List.of(byHash(6)));
        assertThat(check.next().value()).isEqualTo(2);
        read(check, entries.subList(2, 6));
        assertThat(check.done()).isTrue();
    }

    /** A loss of power may have taken more of terraseal.sequenced than of terraseal.attestations; both are made again. */
    @Test
    void entriesThatAreSignedAndMadeAgainArePassedOver() throws Exception {
        FloorCheck check = FloorCheck.above(chained.log, signed(4), List.of(byHash(6)));
        read(check, entries.subList(1, 6));
        assertThat(check.done()).isTrue();
    }

    @Test
    void aRootIsReachedFromTheFirstEntry() throws Exception {
        FloorCheck check = FloorCheck.above(chained.log, signed(2), List.of(byRoot(5), byHash(7)));
        assertThat(check.next().value()).isZero();
        read(check, entries);
        assertThat(check.done()).isTrue();
        assertThat(check.until()).isEqualTo(7);
    }

    @Test
    void otherEntriesBelowAHashAreRefused() {
        FloorCheck check = FloorCheck.above(chained.log, signed(0), List.of(byHash(4)));
        assertThatThrownBy(() -> read(check, chained.again().entries(6, "other")))
                .isInstanceOf(RefusedEntryException.class)
                .hasMessageContaining("a file")
                .hasMessageContaining("fork");
    }

    @Test
    void otherEntriesBelowARootAreRefused() {
        FloorCheck check = FloorCheck.above(chained.log, signed(0), List.of(byRoot(4)));
        assertThatThrownBy(() -> read(check, chained.again().entries(6, "other")))
                .isInstanceOf(RefusedEntryException.class)
                .hasMessageContaining("a checkpoint");
    }
}
