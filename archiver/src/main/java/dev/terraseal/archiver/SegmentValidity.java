package dev.terraseal.archiver;

import dev.terraseal.archiver.state.Advance;
import dev.terraseal.archiver.state.BrokenEntryException;
import dev.terraseal.archiver.state.CheckedEntry;
import dev.terraseal.archiver.state.LogState;
import dev.terraseal.archiver.state.LoneCheck;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.store.ArchivedEntry;
import dev.terraseal.store.Segment;
import dev.terraseal.store.Validity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Which segments extend the archive where it ends: they parse, chain on, and are signed by keys in force. A store asks
 * several times about the same bytes; the signatures in them are verified once.
 */
final class SegmentValidity implements Validity {
    private final LogState state;
    private final Executor checks;
    private final @Nullable Bytes own;
    private @Nullable Bytes known;
    private Optional<Extension> answer = Optional.empty();

    /** A segment that extends the log, and the way forward it makes. */
    record Extension(Segment segment, List<CheckedEntry> entries, Advance advance) {}

    /** @param checks verifies signatures, as many at a time as it has threads */
    SegmentValidity(LogState state, Executor checks) {
        this(state, checks, null);
    }

    private SegmentValidity(LogState state, Executor checks, @Nullable Bytes own) {
        this.state = state;
        this.checks = checks;
        this.own = own;
    }

    /** The same, where {@code own} is a segment of entries that were each checked a moment ago. */
    static SegmentValidity orOwn(LogState state, Executor checks, Bytes own) {
        return new SegmentValidity(state, checks, own);
    }

    @Override
    public boolean holds(Bytes content) {
        return own != null && content.equals(own) || extension(content).isPresent();
    }

    Optional<Extension> extension(Bytes content) {
        if (known == null || !content.equals(known)) {
            answer = check(content);
            known = content;
        }
        return answer;
    }

    private Optional<Extension> check(Bytes content) {
        try {
            Segment segment = Segment.parse(new SequenceNumber(state.head().size()), content);
            Advance advance = state.begin();
            KeyRing keys = state.keys();
            List<CompletableFuture<LoneCheck>> alone = new ArrayList<>();
            for (ArchivedEntry entry : segment.entries()) {
                alone.add(CompletableFuture.supplyAsync(() -> LoneCheck.of(entry, keys, state.checker()), checks));
            }
            List<CheckedEntry> entries = new ArrayList<>();
            for (CompletableFuture<LoneCheck> each : alone) {
                entries.add(advance.check(each.join()));
            }
            return segment.bytes().equals(content)
                    ? Optional.of(new Extension(segment, entries, advance))
                    : Optional.empty();
        } catch (BrokenEntryException | IllegalArgumentException another) {
            return Optional.empty();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IllegalArgumentException) {
                return Optional.empty();
            }
            throw failed;
        }
    }
}
