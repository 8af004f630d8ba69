package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.tiles.GrowingTiles;
import dev.terraseal.core.tiles.TileFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The archive a log has to give, in a directory, with segments of a few entries and a checkpoint after each. */
public final class FixtureArchive {
    private FixtureArchive() {}

    public static void write(LogFixture fixture, Path directory, int perSegment) throws IOException {
        put(directory, "log.json", fixture.log().bytes());
        for (DeclaredKey key : fixture.log().keys()) {
            put(directory, "keys/" + key.keyid().hex() + ".pem", Bytes.utf8(key.pem()));
        }
        put(directory, "checkpoints/0", fixture.checkpoint(0).bytes());
        GrowingTiles tiles = new GrowingTiles();
        for (int first = 0; first < fixture.size(); first += perSegment) {
            List<FixtureEntry> entries = fixture.entries().subList(first, Math.min(first + perSegment, fixture.size()));
            StringBuilder lines = new StringBuilder();
            for (FixtureEntry entry : entries) {
                lines.append(entry.segmentLine().utf8()).append('\n');
                tiles.append(entry.entryHash());
            }
            put(directory, "segments/" + new SequenceNumber(first).padded() + ".jsonl", Bytes.utf8(lines.toString()));
            for (TileFile tile : tiles.takeFull()) {
                put(directory, tile.path().path(), tile.content());
            }
            for (TileFile tile : tiles.partials()) {
                put(directory, tile.path().path(), tile.content());
            }
            put(
                    directory,
                    "checkpoints/" + tiles.size(),
                    fixture.checkpoint(tiles.size()).bytes());
        }
        put(directory, "checkpoint", fixture.checkpoint(fixture.size()).bytes());
        for (Map.Entry<Long, Bytes> heads : fixture.headsFiles().entrySet()) {
            put(directory, "heads/" + new SequenceNumber(heads.getKey()).padded() + ".json", heads.getValue());
        }
        for (Map.Entry<Long, Envelope> batch : fixture.batches().entrySet()) {
            put(
                    directory,
                    "batches/" + new SequenceNumber(batch.getKey()).padded() + ".json",
                    batch.getValue().bytes());
        }
    }

    private static void put(Path directory, String name, Bytes content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content.toByteArray());
    }
}
