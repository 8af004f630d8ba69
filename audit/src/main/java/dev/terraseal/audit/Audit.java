package dev.terraseal.audit;

import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.store.VersionedStore;
import dev.terraseal.verifier.archive.ArchiveListing;
import dev.terraseal.verifier.archive.ArchiveSource;
import dev.terraseal.verifier.archive.ArchiveVerification;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Examines an archive where it lies: everything in it derived again, as {@code verify} does with a copy, then the history
 * and the lock of every object.
 */
public final class Audit {
    private final Question question;
    private final SignatureChecker checker;
    private final AuditProgress progress;

    public Audit(Question question, SignatureChecker checker, AuditProgress progress) {
        this.question = question.listingAll();
        this.checker = checker;
        this.progress = progress;
    }

    /** An archive in a directory, which has neither versions nor locks. */
    public AuditReport ofDirectory(Path directory) throws IOException {
        ArchiveVerification verification = new ArchiveVerification(
                ArchiveSource.directory(directory),
                question,
                checker,
                (read, findings) -> findings.conclude(LayerResult.notCovered(
                        Layer.LOCKS, "a directory has none: whoever may write there can change what is in it")));
        Verdict verdict = verification.run();
        return new AuditReport(verdict, directory.toString(), 0, 0, null, 0);
    }

    /**
     * An archive in a store that keeps versions and locks.
     *
     * @param extend lock longer what newer entries are proven with, and lock what is not locked as promised
     * @throws IOException if the store or the work directory fails: nothing is known then, and the same call goes on
     */
    public AuditReport ofStore(VersionedStore store, String place, WorkDirectory work, boolean extend)
            throws IOException {
        try (Parallel parallel = new Parallel(progress)) {
            Source source = new Source(store, work, parallel);
            LockReview locks = new LockReview(store, work, parallel, extend, question.clock());
            StoreReview review = new StoreReview(store, work, locks, source::listing);
            progress.at("listing", 0, 1);
            Verdict verdict = new ArchiveVerification(source, question, checker, review).run();
            LockReview.Summary summary = review.summary();
            return new AuditReport(
                    verdict,
                    place,
                    summary == null ? 0 : summary.objects(),
                    review.versions(),
                    summary == null || summary.endsFirst() == null
                            ? null
                            : summary.endsFirst().toString(),
                    summary == null ? 0 : summary.extended());
        }
    }

    private static final class Source implements ArchiveSource {
        private final VersionedStore store;
        private final WorkDirectory work;
        private final Parallel parallel;
        private @Nullable StoreListing newest;

        Source(VersionedStore store, WorkDirectory work, Parallel parallel) {
            this.store = store;
            this.work = work;
            this.parallel = parallel;
        }

        @Override
        public ArchiveListing list(String prefix) throws IOException {
            StoreListing listing = new StoreListing(store, work, prefix);
            if (prefix.isEmpty()) {
                listing.fetch(parallel);
            }
            newest = listing;
            return listing;
        }

        StoreListing listing() {
            if (newest == null) {
                throw new IllegalStateException("nothing was listed yet");
            }
            return newest;
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public String immutability() {
            return store.immutability();
        }
    }
}
