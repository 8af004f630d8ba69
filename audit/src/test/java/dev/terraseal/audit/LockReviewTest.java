package dev.terraseal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.store.ObjectLock;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.verifier.archive.MoreLayers.WhatWasRead;
import dev.terraseal.verifier.time.TimeBounds;
import dev.terraseal.verifier.trust.Conclusion;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Locks of objects whose own promise is over, while that of newer entries is not. */
class LockReviewTest {
    private static final String TILE = "tile/0/000";
    private static final String KEY_EVENTS = "segments/00000000000000000002.jsonl";
    private static final String NEW = "segments/00000000000000000900.jsonl";
    private static final List<String> LATER = List.of("log.json", TILE, KEY_EVENTS);

    private final LogDeclaration log = LogFixture.small().log();
    private final Duration retention = log.retention();
    private final Instant begun = Instant.parse("2026-01-01T00:00:00Z");
    private final Instant now = begun.plus(retention).plus(Duration.ofDays(1));
    private final Shelf shelf = new Shelf();
    private Findings findings = new Findings(true);

    private static ObjectLock compliance(Instant until) {
        return new ObjectLock(ObjectLock.Mode.COMPLIANCE, until);
    }

    private LockReview.Summary review(boolean extend) throws IOException {
        findings = new Findings(true);
        try (WorkDirectory work = WorkDirectory.temporary();
                Parallel parallel = new Parallel(AuditProgress.SILENT)) {
            StoreListing listing = new StoreListing(shelf, work, "");
            List<StoreListing.Held> archived = new ArrayList<>();
            listing.all().forEach(archived::add);
            return new LockReview(shelf, work, parallel, extend, () -> now)
                    .judge(archived, new WhatWasRead(log, null, Set.of(KEY_EVENTS), Set.of()), findings);
        }
    }

    private List<String> named(FindingName name) {
        return findings.of(Layer.LOCKS).stream()
                .filter(each -> each.name() == name)
                .map(Finding::file)
                .toList();
    }

    /** An old segment, which nothing newer needs, and one of this moment. */
    private void old(ObjectLock lock) {
        shelf.put("segments/00000000000000000000.jsonl", begun, lock).put(NEW, now, compliance(now.plus(retention)));
        LATER.forEach(name -> shelf.put(name, begun, lock));
    }

    @Test
    void whatNewerEntriesNeedIsNamedThoughItsOwnPromiseIsOver() throws Exception {
        Instant far = now.plus(retention);
        old(ObjectLock.NONE);
        review(false);
        assertThat(named(FindingName.NOT_LOCKED)).containsExactlyInAnyOrderElementsOf(LATER);

        old(new ObjectLock(ObjectLock.Mode.GOVERNANCE, now.plusSeconds(1)));
        review(false);
        assertThat(named(FindingName.GOVERNANCE_LOCK)).containsExactlyInAnyOrderElementsOf(LATER);

        LockReview.Summary mended = review(true);
        assertThat(findings.of(Layer.LOCKS))
                .allMatch(each -> each.message().endsWith("it is being locked now"))
                .hasSize(LATER.size());
        assertThat(mended.extended()).isEqualTo(LATER.size());
        for (String name : LATER) {
            assertThat(shelf.lock(name)).as(name).isEqualTo(compliance(far));
        }
        review(false);
        assertThat(findings.of(Layer.LOCKS)).isEmpty();
    }

    @Test
    void aLockThatEndedWhileNewerEntriesNeedItsObjectProtectsNothing() throws Exception {
        old(compliance(begun.plus(retention)));
        review(false);
        assertThat(named(FindingName.RETENTION_SHORT)).containsExactlyInAnyOrderElementsOf(LATER);
        assertThat(named(FindingName.RETENTION_DUE)).isEmpty();
        assertThat(findings.failed(Layer.LOCKS)).isTrue();

        review(true);
        assertThat(shelf.lock("log.json")).isEqualTo(compliance(now.plus(retention)));
        review(false);
        assertThat(findings.of(Layer.LOCKS)).isEmpty();
    }

    @Test
    void aLockThatHoldsTodayAndEndsBeforeTheNewestIsOnlyDue() throws Exception {
        old(compliance(now.plusSeconds(60)));
        review(false);
        assertThat(named(FindingName.RETENTION_DUE)).hasSize(1);
        assertThat(findings.failed(Layer.LOCKS)).isFalse();
    }

    @Test
    void whatLiesBesideIsLockedAsTheFindingSays() throws Exception {
        Instant far = now.plus(retention.multipliedBy(2));
        shelf.put("cosignatures/4/a", now, new ObjectLock(ObjectLock.Mode.GOVERNANCE, far))
                .put("docs/a.md", now, compliance(now.plusSeconds(60)))
                .put("signatures/a", now, ObjectLock.NONE);
        assertThat(review(true).extended()).isEqualTo(2);
        assertThat(findings.of(Layer.LOCKS))
                .filteredOn(each -> each.message().endsWith("it is being locked now"))
                .extracting(Finding::file)
                .containsExactly("cosignatures/4/a", "docs/a.md");
        assertThat(shelf.lock("cosignatures/4/a")).isEqualTo(compliance(far));
        assertThat(shelf.lock("docs/a.md")).isEqualTo(compliance(now.plus(retention)));
        assertThat(shelf.lock("signatures/a")).isEqualTo(ObjectLock.NONE);

        review(false);
        assertThat(findings.of(Layer.LOCKS)).extracting(Finding::name).containsExactly(FindingName.LEFT_OVER);
    }

    @Test
    void moreObjectsThanFindingsAreKeptAreAllCounted() throws Exception {
        shelf.put("log.json", begun, compliance(now.plusSeconds(60)));
        for (int i = 0; i < 300; i++) {
            shelf.put("segments/%020d.jsonl".formatted(1000 + i), now, ObjectLock.NONE)
                    .put("signatures/%d".formatted(i), now, ObjectLock.NONE);
        }
        review(false);
        assertThat(findings.perName())
                .containsEntry(FindingName.NOT_LOCKED, 300)
                .containsEntry(FindingName.LEFT_OVER, 300)
                .containsEntry(FindingName.RETENTION_DUE, 1);
        assertThat(named(FindingName.RETENTION_DUE)).hasSize(1);

        Map<Sense, Integer> senses = Sense.count(Conclusion.of(
                Question.INTEGRITY,
                findings,
                "archive",
                Verdict.Facts.NONE,
                List.of(),
                List.of(),
                null,
                TimeBounds.NONE));
        assertThat(senses)
                .containsEntry(Sense.UNPROTECTED, 300)
                .containsEntry(Sense.ATTEMPT, 300)
                .containsEntry(Sense.TO_DO, 1);
    }

    @Test
    void nothingIsAskedOfALogWhosePromisesAreAllOver() throws Exception {
        shelf.put("log.json", begun, ObjectLock.NONE)
                .put(TILE, begun, compliance(begun.plus(retention)))
                .put(NEW, begun.plusSeconds(60), compliance(begun.plus(retention)));
        assertThat(review(true).extended()).isZero();
        assertThat(findings.of(Layer.LOCKS)).isEmpty();
    }
}
