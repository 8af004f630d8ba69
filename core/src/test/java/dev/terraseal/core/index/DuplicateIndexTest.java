package dev.terraseal.core.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DuplicateIndexTest {
    private static final Digest CONTENT = Digest.of(Bytes.utf8("content"));

    @Test
    void aFingerprintIsTheDigestOfStreamZeroAndId() {
        Fingerprint made = Fingerprint.of(Digest.sha256(), new StreamId("acme/prod"), new EventId("run-1"), CONTENT);
        Digest key = Digest.of(Bytes.utf8("acme/prod\u0000run-1"));
        assertThat(made).isEqualTo(new Fingerprint(key.word(0), key.word(1), CONTENT.word(0)));
        assertThat(made.contentPrefix()).isEqualTo(CONTENT.hex().substring(0, 16));
    }

    @Test
    void anIdIsItsStreamsOwn() {
        DuplicateIndex index = new DuplicateIndex();
        index.add(Fingerprint.of(Digest.sha256(), new StreamId("acme/prod"), new EventId("run-1"), CONTENT), 0);
        assertThat(index.find(Fingerprint.of(Digest.sha256(), new StreamId("acme/dev"), new EventId("run-1"), CONTENT)))
                .isInstanceOf(Answer.Absent.class);
    }

    @Test
    void itAgreesWithAMapWhateverIsAsked() {
        long seed = 20261122;
        Random random = new Random(seed);
        DuplicateIndex index = new DuplicateIndex();
        Map<String, long[]> naive = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            // Few distinct values, so that hits, other contents and neighbours in one shard are common.
            Fingerprint asked = new Fingerprint(
                    random.nextLong() & 0x0f000000000000ffL,
                    random.nextLong() & 0xff000000000000ffL,
                    random.nextInt(3));
            long[] known = naive.get(asked.keyHigh() + "/" + asked.keyLow());
            Answer answer = index.find(asked);
            if (known == null) {
                assertThat(answer).as("seed %d step %d", seed, i).isInstanceOf(Answer.Absent.class);
                index.add(asked, i);
                naive.put(asked.keyHigh() + "/" + asked.keyLow(), new long[] {i, asked.content()});
            } else if (known[1] == asked.content()) {
                assertThat(answer).as("seed %d step %d", seed, i).isEqualTo(new Answer.Same(known[0]));
            } else {
                assertThat(answer)
                        .as("seed %d step %d", seed, i)
                        .isEqualTo(new Answer.OtherContent(known[0], "000000000000000" + known[1]));
            }
        }
        assertThat(index.size()).isEqualTo(naive.size());
    }

    @Test
    void keysThatAllCollideInPlaceAreStillToldApart() {
        DuplicateIndex index = new DuplicateIndex();
        for (int i = 0; i < 1000; i++) {
            index.add(new Fingerprint(i, 0, i), i); // one shard, one slot
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(index.find(new Fingerprint(i, 0, i))).isEqualTo(new Answer.Same(i));
        }
        assertThat(index.find(new Fingerprint(1000, 0, 0))).isInstanceOf(Answer.Absent.class);
    }

    @Test
    void anotherEventUnderTheSameKeyBitsIsNeverTakenForADuplicate() {
        DuplicateIndex index = new DuplicateIndex();
        index.add(new Fingerprint(7, 7, 1), 41);
        assertThat(index.find(new Fingerprint(7, 7, 2))).isEqualTo(new Answer.OtherContent(41, "0000000000000001"));
    }

    @Test
    void oneKeyTwiceIsALogThatIsNotContinued() {
        DuplicateIndex index = new DuplicateIndex();
        index.add(new Fingerprint(7, 7, 1), 41);
        assertThatThrownBy(() -> index.add(new Fingerprint(7, 7, 1), 42))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("entry 42 belongs to entry 41");
    }

    @Test
    void anIdCostsAtMost64BytesOfHeap() {
        Random random = new Random(1);
        DuplicateIndex index = new DuplicateIndex();
        for (int i = 0; i < 300_000; i++) {
            index.add(new Fingerprint(random.nextLong(), random.nextLong(), random.nextLong()), i);
            if (i > 20_000 && i % 1000 == 0) {
                assertThat(index.heapBytes() / (double) index.size()).isLessThan(64);
            }
        }
    }
}
