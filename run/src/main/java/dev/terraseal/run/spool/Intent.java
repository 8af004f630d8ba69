package dev.terraseal.run.spool;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a run is about to do, on disk before it does it. Its owner moves it along; whoever finds it without an owner
 * finishes it.
 *
 * <ul>
 *   <li>{@code planning}: terraform was asked for a plan. Left behind: nothing was applied, so nothing is recorded.
 *   <li>{@code applying}: the event with outcome {@code unknown} is written already. Left behind: that event is sent.
 *   <li>{@code finished}: the final event replaced it. Left behind: that event is sent, so that one id never has two
 *       contents.
 * </ul>
 */
public final class Intent implements AutoCloseable {
    private final Spool spool;
    private final EventId id;
    private final FileLease lease;
    private final Path scratch;

    Intent(Spool spool, EventId id, FileLease lease, Path scratch) {
        this.spool = spool;
        this.id = id;
        this.lease = lease;
        this.scratch = scratch;
    }

    /** A directory for this run's plan file, for this user alone and outside the spool: a plan holds secrets. */
    public Path scratch() {
        return scratch;
    }

    void planning() throws IOException {
        Durable.write(spool.intentFile(id), record("planning").build().bytes());
    }

    /** On return the event that says {@code unknown} survives everything but the disk. */
    public void applying(StreamId stream, Bytes unknownEvent) throws IOException {
        write("applying", stream, unknownEvent);
    }

    /** Makes {@code event} the one content of this id and puts it into the queue. */
    public SpooledEvent finish(StreamId stream, Bytes event) throws IOException, InterruptedException {
        finished(stream, event);
        SpooledEvent queued = spool.enqueue(stream, id, event);
        discard();
        return queued;
    }

    /** The step before the queue, by itself so that a test can stop after it. */
    void finished(StreamId stream, Bytes event) throws IOException {
        write("finished", stream, event);
    }

    /** Nothing was applied. */
    public void discard() throws IOException {
        Scratch.remove(scratch);
        Durable.delete(spool.intentFile(id));
        close();
        Durable.delete(spool.leaseFile(id));
    }

    @Override
    public void close() throws IOException {
        lease.close();
    }

    private void write(String phase, StreamId stream, Bytes event) throws IOException {
        Bytes content = record(phase)
                .put("event", event.base64())
                .put("sha256", Digest.of(event))
                .put("stream", stream.value())
                .build()
                .bytes();
        Durable.write(spool.intentFile(id), content);
    }

    private Json.Builder record(String phase) {
        return Json.obj()
                .put("format", 1)
                .put("id", id.value())
                .put("phase", phase)
                .put("scratch", scratch.toString());
    }

    /**
     * What a run left behind.
     *
     * @param event null, with {@code stream}, where nothing was applied
     */
    record Left(@Nullable StreamId stream, @Nullable Bytes event, Path scratch) {}

    static Left read(Bytes file) {
        Json.Obj intent = CanonicalJson.parseObject(file)
                .requireMembers("event?", "format", "id", "phase", "scratch", "sha256?", "stream?");
        Path scratch = Path.of(intent.string("scratch"));
        return intent.has("event")
                ? new Left(new StreamId(intent.string("stream")), intent.base64("event"), scratch)
                : new Left(null, null, scratch);
    }
}
