package dev.terraseal.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.KeyInForce;
import dev.terraseal.keys.Providers;
import dev.terraseal.signer.AttestationOutput.FencedException;
import dev.terraseal.signer.MemoryTopics.Failure;
import dev.terraseal.signer.check.Entry;
import dev.terraseal.signer.check.Floor;
import dev.terraseal.signer.check.RefusedEntryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The production loop between topics in memory. */
class SigningLoopTest {
    @TempDir
    Path temp;

    private final ExecutorService pool = Executors.newFixedThreadPool(8);
    private final ExecutorService commits = Executors.newSingleThreadExecutor();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<SigningLoop> running = new ArrayList<>();
    private Chained chained;
    private MemoryTopics topics;

    @BeforeEach
    void begin() throws Exception {
        chained = Chained.born(temp);
        topics = new MemoryTopics(chained.log);
    }

    @AfterEach
    void end() {
        running.forEach(SigningLoop::stop);
        threads.shutdownNow();
        pool.shutdownNow();
        commits.shutdownNow();
    }

    private SigningLoop loop(MessageSigner signer, Floor... floors) {
        return loops().loop(KeyInForce.only(signer), floors);
    }

    private Loops loops() {
        return new Loops(chained, topics, pool).committingOn(commits);
    }

    private Future<?> start(SigningLoop loop) {
        running.add(loop);
        return threads.submit(() -> {
            loop.run();
            return null;
        });
    }

    private static void failsWith(Future<?> run, Class<? extends Throwable> type, String... saying) {
        assertThatThrownBy(() -> run.get(120, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(type)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(saying));
    }

    /** Every entry once, in order, with a signature that verifies. */
    private void assertAttested(List<Entry> entries) throws Exception {
        SignatureChecker checker = new SignatureChecker(Providers.fast());
        List<Signed> attestations = topics.attestations();
        assertThat(attestations).hasSameSizeAs(entries);
        for (int i = 0; i < entries.size(); i++) {
            Signed signed = attestations.get(i);
            assertThat(signed.statement().sequence().value()).isEqualTo(i);
            assertThat(signed.statement().bytes()).isEqualTo(entries.get(i).statement());
            assertThat(signed.source()).isEqualTo(entries.get(i).source());
            Bytes message = Dsse.pae(Dsse.STATEMENT, signed.statement().bytes());
            Bytes signature =
                    ((Signed.Own) signed.signature()).signatures().get(0).sig();
            assertThat(checker.verify(chained.attestKey(), message, signature)).isTrue();
        }
    }

    @Test
    void everyEntryIsAttestedOnceInOrder() throws Exception {
        List<Entry> entries = chained.entries(100);
        topics.append(entries);
        SigningLoop loop = loop(chained.attest());
        Future<?> run = start(loop);
        topics.awaitAttestations(100);
        loop.stop();
        run.get(120, TimeUnit.SECONDS);
        assertAttested(entries);
    }

    @Test
    void orderIsKeptWhenSignaturesComeBackInAnyOrder() throws Exception {
        List<Entry> entries = chained.entries(64);
        topics.append(entries);
        MessageSigner signer = chained.attest();
        CyclicBarrier eight = new CyclicBarrier(8);
        start(loop(new Signing(signer.key(), message -> {
            // No call returns before eight are in flight, and the last to come is the first to go.
            awaitAll(eight);
            return signer.sign(message);
        })));
        topics.awaitAttestations(64);
        assertAttested(entries);
    }

    @Test
    void whileATransactionRunsTheNextEntriesAreSigned() throws Exception {
        List<Entry> entries = chained.entries(20);
        CountDownLatch go = new CountDownLatch(1);
        topics.holdCommits(go);
        CountDownLatch signed = new CountDownLatch(20);
        MessageSigner signer = chained.attest();
        topics.append(entries);
        start(loop(new Signing(signer.key(), message -> {
            Bytes made = signer.sign(message);
            signed.countDown();
            return made;
        })));
        // The first transaction holds at most what the first poll gave, seven; the others are signed beside it.
        assertThat(signed.await(120, TimeUnit.SECONDS)).isTrue();
        assertThat(topics.attestations()).isEmpty();
        go.countDown();
        topics.awaitAttestations(20);
        assertAttested(entries);
    }

    @Test
    void aStopWaitsForTheTransactionThatRunsAndSaysWhatItWrote() throws Exception {
        List<Entry> entries = chained.entries(5);
        CountDownLatch go = new CountDownLatch(1);
        topics.holdCommits(go);
        topics.append(entries);
        SigningLoop loop = loops().together(5).loop(KeyInForce.only(chained.attest()));
        Future<?> run = start(loop);
        topics.awaitFirstCommit();
        loop.stop();
        assertThatThrownBy(() -> run.get(200, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        go.countDown();
        run.get(120, TimeUnit.SECONDS);
        assertThat(loop.status().next()).isEqualTo(5);
        assertAttested(entries);
    }

    @Test
    void whoIsShutOutDuringATransactionStopsForGoodWhateverElseFailsMeanwhile() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        topics.holdCommits(go);
        topics.append(chained.entries(5));
        Future<?> run = start(loop(chained.attest()));
        topics.awaitFirstCommit();
        topics.output().takeOver();
        topics.failPolls();
        // Not told of the failed poll before the transaction has ended.
        assertThatThrownBy(() -> run.get(500, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        go.countDown();
        failsWith(run, FencedException.class, "another signer took over");
    }

    @Test
    void aLoopWhoseTransactionsCannotBeginAnyMoreEndsAndDoesNotWaitForOne() throws Exception {
        topics.append(chained.entries(5));
        commits.shutdown();
        failsWith(start(loop(chained.attest())), RejectedExecutionException.class, "rejected from");
    }

    @Test
    void statementsThatAreSignedTogetherKeepTheirSignaturesOverAFailureThatPasses() throws Exception {
        List<Entry> entries = chained.entries(40);
        topics.append(entries);
        AtomicInteger calls = new AtomicInteger();
        MessageSigner signer = chained.attest();
        start(loops().together(8).loop(KeyInForce.only(new Signing(signer.key(), message -> {
            if (calls.incrementAndGet() % 5 == 0) {
                throw SigningException.passing("throttled", new IllegalStateException("of the test"));
            }
            return signer.sign(message);
        }))));
        topics.awaitAttestations(40);
        assertAttested(entries);
        // One call for each, and those that failed: every fifth of all.
        assertThat(calls.get()).isEqualTo(49);
    }

    private static void awaitAll(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException stop) {
            throw new IllegalStateException("the test ended before eight calls were in flight", stop);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Failure.class,
            names = {"LOST", "PERSISTED_BUT_FAILED"})
    void aCommitThatFailedIsNeitherLostNorDoubled(Failure failure) throws Exception {
        List<Entry> entries = chained.entries(40);
        topics.append(entries.subList(0, 20));
        topics.failNextCommit(failure);
        failsWith(start(loop(chained.attest())), TimeoutException.class, "commit " + failure);
        topics.append(entries.subList(20, 40));
        start(loop(chained.attest()));
        topics.awaitAttestations(40);
        assertAttested(entries);
    }

    @Test
    void anOlderSignerIsFencedAndTheLogIsWhole() throws Exception {
        List<Entry> entries = chained.entries(60);
        topics.append(entries.subList(0, 20));
        Future<?> older = start(loop(chained.attest()));
        topics.awaitAttestations(20);
        start(loop(chained.attest()));
        // The newer one takes over before or after these come; the older one must notice either way.
        while (!older.isDone()) {
            int size = topics.attestations().size();
            if (size == entries.size()) {
                entries = concat(entries, chained.entries(1));
                topics.append(entries.subList(size, size + 1));
            } else {
                topics.append(entries.subList(Math.max(20, size), entries.size()));
            }
            topics.awaitAttestations(entries.size());
        }
        failsWith(older, FencedException.class, "another signer took over");
        assertAttested(entries);
    }

    private static List<Entry> concat(List<Entry> first, List<Entry> second) {
        List<Entry> out = new ArrayList<>(first);
        out.addAll(second);
        return out;
    }

    @Test
    void aPoisonStatementStopsTheSignerAfterWhatIsGoodBeforeIt() throws Exception {
        List<Entry> entries = chained.entries(10);
        Entry bad = chained.again().entries(11, "other").get(10);
        topics.append(entries);
        topics.append(List.of(bad));
        failsWith(start(loop(chained.attest())), RefusedEntryException.class, "sequence 10 follows", "offset 20");
        assertAttested(entries);
    }

    @Test
    void aLastingRefusalOfTheKeyStopsTheSignerAndSkipsNothing() throws Exception {
        List<Entry> entries = chained.entries(20);
        topics.append(entries);
        MessageSigner signer = chained.attest();
        Bytes refused = Dsse.pae(Dsse.STATEMENT, entries.get(12).statement());
        Future<?> run = start(loop(new Signing(signer.key(), message -> {
            if (message.equals(refused)) {
                throw SigningException.lasting("key disabled");
            }
            return signer.sign(message);
        })));
        failsWith(run, SigningException.class, "key disabled");
        assertAttested(entries.subList(0, 12));
        start(loop(signer));
        topics.awaitAttestations(20);
        assertAttested(entries);
    }

    @Test
    void anErrorOfTheKeyStopsTheSignerInsteadOfHoldingItUpForEver() throws Exception {
        List<Entry> entries = chained.entries(20);
        topics.append(entries);
        MessageSigner signer = chained.attest();
        Bytes broken = Dsse.pae(Dsse.STATEMENT, entries.get(12).statement());
        Future<?> run = start(loop(new Signing(signer.key(), message -> {
            if (message.equals(broken)) {
                throw new NoClassDefFoundError("a jar that was replaced under the process");
            }
            return signer.sign(message);
        })));
        failsWith(run, SigningException.class, "nobody foresaw", "NoClassDefFoundError");
        assertAttested(entries.subList(0, 12));
    }

    @Test
    void aPassingRefusalIsRepeatedForAsLongAsItLastsAndCounted() throws Exception {
        List<Entry> entries = chained.entries(5);
        topics.append(entries);
        MessageSigner signer = chained.attest();
        AtomicInteger refusals = new AtomicInteger();
        SigningLoop loop = loop(new Signing(signer.key(), message -> {
            if (refusals.incrementAndGet() <= 50) {
                throw SigningException.passing("throttled", new IllegalStateException());
            }
            return signer.sign(message);
        }));
        start(loop);
        topics.awaitAttestations(5);
        assertAttested(entries);
        assertThat(loop.status().putOff()).isEqualTo(50);
        assertThat(loop.status().lastPutOff()).isEqualTo("throttled");
    }

    @Test
    void whatIsReadAndNotSignedYetIsBehindToo() throws Exception {
        topics.append(chained.entries(5));
        MessageSigner signer = chained.attest();
        CountDownLatch answer = new CountDownLatch(1);
        SigningLoop loop = loop(new Signing(signer.key(), message -> {
            awaitUninterrupted(answer);
            return signer.sign(message);
        }));
        assertThat(loop.status().behind()).isEqualTo(SignerStatus.UNKNOWN);
        start(loop);
        while (loop.status().inFlight() < 5) {
            Thread.onSpinWait();
        }
        assertThat(topics.allRead()).isTrue();
        assertThat(loop.status().behind()).isEqualTo(5);
        topics.append(chained.entries(2));
        assertThat(loop.status().behind()).isEqualTo(7);
        answer.countDown();
        topics.awaitAttestations(7);
        while (loop.status().behind() > 0) {
            Thread.onSpinWait();
        }
        assertThat(loop.status().next()).isEqualTo(7);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(120, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException("nobody interrupts a call", stop);
        }
    }

    @Test
    void anEntryThatDiffersFromTheNewestAttestationIsRefused() throws Exception {
        topics.append(chained.entries(5));
        SigningLoop first = loop(chained.attest());
        Future<?> run = start(first);
        topics.awaitAttestations(5);
        first.stop();
        run.get(120, TimeUnit.SECONDS);
        topics.replaceSequenced(chained.again().entries(8, "other"));
        failsWith(start(loop(chained.attest())), RefusedEntryException.class, "sequence 4 has entry hash");
        assertThat(topics.attestations()).hasSize(5);
    }

    private Floor floor(List<Entry> entries) {
        Digest newest = entries.get(entries.size() - 1).entryHash();
        return new Floor.ByHash(entries.size(), newest, "the file floor");
    }

    private List<Entry> signedAndRolledBackTo(int left) throws Exception {
        List<Entry> entries = chained.entries(12);
        topics.append(entries);
        SigningLoop first = loop(chained.attest());
        Future<?> run = start(first);
        topics.awaitAttestations(12);
        first.stop();
        run.get(120, TimeUnit.SECONDS);
        topics.rollBack(left);
        return entries;
    }

    @Test
    void attestationsRolledBackAreMadeAgainForTheSameStatements() throws Exception {
        List<Entry> entries = signedAndRolledBackTo(4);
        start(loop(chained.attest(), floor(entries)));
        topics.awaitAttestations(12);
        assertAttested(entries);
    }

    @Test
    void attestationsRolledBackAreNotMadeForOtherStatements() throws Exception {
        List<Entry> entries = signedAndRolledBackTo(4);
        Chained other = chained.again();
        List<Entry> fork = concat(entries.subList(0, 4), forkAfter(other, 4));
        topics.replaceSequenced(fork);
        failsWith(
                start(loop(chained.attest(), floor(entries))),
                RefusedEntryException.class,
                "fork",
                "terraseal log resume");
        assertThat(topics.attestations()).hasSize(4);
    }

    private static List<Entry> forkAfter(Chained log, int common) {
        log.entries(common);
        return log.entries(20, "other");
    }

    @Test
    void nothingBelowTheFloorIsSignedBeforeTheEntriesReachIt() throws Exception {
        List<Entry> entries = signedAndRolledBackTo(4);
        topics.replaceSequenced(entries.subList(0, 8));
        SigningLoop loop = loop(chained.attest(), floor(entries));
        start(loop);
        while (loop.status().phase() != SignerStatus.Phase.CATCHING_UP || !topics.allRead()) {
            Thread.onSpinWait();
        }
        assertThat(topics.attestations()).hasSize(4);
        assertThat(loop.status().behind()).as("read, and not signed").isEqualTo(4);
        topics.append(entries.subList(8, 12));
        topics.awaitAttestations(12);
        assertAttested(entries);
    }

    @Test
    void theWindowIsBoundedByBytes() throws Exception {
        SigningWindow window =
                new SigningWindow(Runnable::run, new SigningWindow.Limits(1000, 2_000, 1), pause -> true, () -> {});
        List<Entry> entries = chained.entries(10);
        int inside = 0;
        for (Entry entry : entries) {
            if (!window.hasRoom(0, 0)) {
                break;
            }
            window.add(new SignEach(List.of(new Admitted(
                    entry.source(),
                    Statement.parse(entry.statement()),
                    List.of(chained.attest()),
                    KeyRing.of(chained.log)))));
            inside++;
        }
        long bytes = entries.subList(0, inside).stream()
                .mapToLong(entry -> entry.statement().length())
                .sum();
        assertThat(bytes)
                .isBetween(2_000L, 2_000L + entries.get(inside - 1).statement().length());
        assertThat(window.takeFinished()).hasSize(inside);
        assertThat(window.hasRoom(0, 0)).isTrue();
    }

    /** A key whose answers the test decides. */
    private record Signing(DeclaredKey key, Answer answer) implements MessageSigner {
        interface Answer {
            Bytes to(Bytes message) throws SigningException;
        }

        @Override
        public Bytes sign(Bytes message) throws SigningException {
            return answer.to(message);
        }
    }

    @Test
    void signaturesThatNobodyWaitsForDoNotHoldUpAStop() throws Exception {
        topics.append(chained.entries(3));
        MessageSigner signer = chained.attest();
        List<String> calls = Collections.synchronizedList(new ArrayList<>());
        SigningLoop loop = loop(new Signing(signer.key(), message -> {
            calls.add("call");
            throw SigningException.passing("no network", new IllegalStateException());
        }));
        Future<?> run = start(loop);
        while (calls.isEmpty()) {
            Thread.onSpinWait();
        }
        loop.stop();
        run.get(120, TimeUnit.SECONDS);
        assertThat(topics.attestations()).isEmpty();
    }
}
