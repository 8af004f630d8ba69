package dev.terraseal.run.spool;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.client.Pause;
import dev.terraseal.run.client.SentEvent;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Evidence on this machine's disk until the pipeline has it. Several runs may share one spool.
 *
 * <pre>
 * intents/&lt;id&gt;.json, .lease     a run in progress; the lease is held by the process that runs it
 * queue/&lt;20 digits&gt;.json          events in the order they are sent
 * attachments/&lt;sha256&gt;           evidence named by its digest, sent before the event that names it
 * evidence/                      what was refused, receipts that did not say what was sent, files nobody can read
 * </pre>
 *
 * What cannot be read is moved to {@code evidence/} or passed over, and told: no file keeps others from being sent. Every
 * file is whole or absent after a crash. A queue file is removed only after the pipeline answered for it.
 */
public final class Spool {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final EvidenceDirectory evidence;

    private Spool(Path directory, Consumer<String> notices) {
        this.directory = directory;
        this.evidence = new EvidenceDirectory(directory.resolve("evidence"), notices);
    }

    /**
     * Opens or creates the spool in {@code directory}.
     *
     * @param notices takes a line for a person about each file that cannot be read
     */
    public static Spool open(Path directory, Consumer<String> notices) throws IOException {
        for (String part : List.of("intents", "queue", "attachments", "evidence")) {
            Durable.directory(directory.resolve(part));
        }
        // A spool within a checkout would make every apply claim that the checkout was changed.
        Path ignore = directory.resolve(".gitignore");
        if (!Files.exists(ignore)) {
            Files.writeString(ignore, "*\n");
        }
        return new Spool(directory, notices);
    }

    /** {@code $XDG_STATE_HOME/terraseal/spool}, {@code ~/.local/state/terraseal/spool} where that is not set. */
    public static Path defaultDirectory(Map<String, String> environment, Path home) {
        String named = environment.getOrDefault("TERRASEAL_SPOOL", "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty() ? home.resolve(".local/state") : Path.of(state);
        return base.resolve("terraseal/spool");
    }

    public Path directory() {
        return directory;
    }

    Path intentFile(EventId id) {
        return directory.resolve("intents").resolve(id.value() + ".json");
    }

    Path leaseFile(EventId id) {
        return directory.resolve("intents").resolve(id.value() + ".lease");
    }

    /** Begins a run. On return the intent is durable. */
    public Intent begin(EventId id) throws IOException {
        FileLease lease = FileLease.tryTake(leaseFile(id));
        if (lease == null || Files.exists(intentFile(id))) {
            if (lease != null) {
                lease.close();
            }
            throw new IOException("a run with id " + id + " is already in the spool " + directory
                    + ": give every apply its own --id");
        }
        Intent intent = new Intent(this, id, lease, Scratch.create());
        intent.planning();
        return intent;
    }

    /** Finishes what dead processes left: runs that may have applied become events, others are forgotten. */
    public List<Orphan> adoptOrphans() throws IOException, InterruptedException {
        return new Orphans(this, evidence).adopt();
    }

    /** Puts an event at the end of the queue; one with the same stream, id and bytes is not queued twice. */
    public SpooledEvent enqueue(StreamId stream, EventId id, Bytes event) throws IOException, InterruptedException {
        Bytes content = Json.obj()
                .put("event", event.base64())
                .put("id", id.value())
                .put("stream", stream.value())
                .build()
                .bytes();
        try (FileLease lease = FileLease.take(directory.resolve("queue.lease"), PATIENCE, Pause.sleeping())) {
            if (lease == null) {
                throw new IOException("the spool " + directory + " is held by another process for over "
                        + PATIENCE.toSeconds() + " s; see `terraseal spool list`");
            }
            for (SpooledEvent other : queued()) {
                if (other.stream().equals(stream)
                        && other.id().equals(id)
                        && other.bytes().equals(event)) {
                    return other;
                }
            }
            Path file = directory.resolve("queue").resolve(next().padded() + ".json");
            Durable.write(file, content);
            return new SpooledEvent(file, stream, id, event);
        }
    }

    /** After the last name that is taken, also by a file that cannot be read. */
    private SequenceNumber next() throws IOException {
        List<Path> files = files("queue", ".json");
        Collections.reverse(files);
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            try {
                return SequenceNumber.fromPadded(name.substring(0, name.length() - ".json".length()))
                        .next();
            } catch (IllegalArgumentException otherName) {
                // Not one of ours: it takes no number.
            }
        }
        return SequenceNumber.ZERO;
    }

    /** Waiting events, oldest first. */
    public List<SpooledEvent> queued() throws IOException {
        List<SpooledEvent> out = new ArrayList<>();
        for (Path file : files("queue", ".json")) {
            try {
                out.add(read(file));
            } catch (NoSuchFileException sentMeanwhile) {
                // It waits no more.
            } catch (IOException | IllegalArgumentException unreadable) {
                evidence.unreadable(file, unreadable);
            }
        }
        return out;
    }

    private static SpooledEvent read(Path file) throws IOException {
        Json.Obj json =
                CanonicalJson.parseObject(Bytes.wrap(Files.readAllBytes(file))).requireMembers("event", "id", "stream");
        Bytes event = json.base64("event");
        // Whoever sends it reads it; what is no event would stop that one for good.
        SentEvent.parse(event);
        return new SpooledEvent(file, new StreamId(json.string("stream")), new EventId(json.string("id")), event);
    }

    /** Runs in progress, and those nobody has adopted yet. */
    public List<EventId> intents() throws IOException {
        return List.copyOf(new Orphans(this, evidence).intents().values());
    }

    /** The pipeline has it. */
    public void sent(SpooledEvent event) throws IOException {
        Durable.delete(event.file());
    }

    /** Keeps evidence named by its digest. On return it is durable. */
    public Digest attach(Bytes content) throws IOException {
        Digest digest = Digest.of(content);
        Path file = attachmentFile(digest);
        if (!Files.exists(file)) {
            Durable.write(file, content);
        }
        return digest;
    }

    public Optional<Bytes> attachment(Digest digest) throws IOException {
        Path file = attachmentFile(digest);
        return Files.exists(file) ? Optional.of(Bytes.wrap(Files.readAllBytes(file))) : Optional.empty();
    }

    /** The pipeline has it and no waiting event names it. */
    public void attachmentSent(Digest digest) throws IOException {
        Durable.delete(attachmentFile(digest));
    }

    private Path attachmentFile(Digest digest) {
        return directory.resolve("attachments").resolve(digest.hex());
    }

    /** Keeps {@code content} for a person to look at; the name says which event and what it is. */
    public Path keepEvidence(SpooledEvent event, String what, Bytes content) throws IOException {
        return evidence.keep(event, what, content);
    }

    /** Moves an event that can never be accepted out of the way of its stream. */
    public Path refuse(SpooledEvent event, Bytes answer) throws IOException {
        keepEvidence(event, "answer.json", answer);
        Path kept = keepEvidence(event, "event.json", event.bytes());
        Durable.delete(event.file());
        return kept;
    }

    /** One sender for a stream at a time, so that its events stay in order. Null where another keeps it that long. */
    @Nullable FileLease sending(StreamId stream, Duration patience, Pause pause) throws IOException, InterruptedException {
        String name = Digest.of(Bytes.utf8(stream.value())).hex().substring(0, 16);
        return FileLease.take(directory.resolve("sending-" + name + ".lease"), patience, pause);
    }

    /** In the order of their names; what begins with a dot is being written. */
    List<Path> files(String part, String suffix) throws IOException {
        List<Path> out = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(part))) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(suffix) && !name.startsWith(".")) {
                    out.add(file);
                }
            }
        }
        Collections.sort(out);
        return out;
    }
}
